import type { Binding } from './scope';
import type { Node } from './syntax';
import type { Context, Operand, Value } from './value';

/** Finds the values of expressions, as far as they are known before the code runs. */
export interface Evaluation {
  /**
   * Returns the value of an expression in one call or turn of a loop. Without a context, returns the values in all of
   * them.
   */
  value(node: Node, context?: Context): Value;
  operand(operand: Operand | undefined): Value;
  /** Returns the value of a name. */
  binding(binding: Binding, context?: Context): Value;
  /** Returns the declaration of an imported name in its own module, if it is known. */
  origin(binding: Binding): Binding;
  /** Returns the value of a property. */
  member(object: Value, name: string): Value;
  /** Returns the known calls of a function, or the known turns of a loop. */
  contextsOf(owner: Node, context?: Context): readonly Context[];
  /**
   * Returns an export of a module of the application.
   * @param name name of the export; if left out, all exports together
   */
  exported(file: string, name?: string): Value;
}
