import type { Binding } from './scope';
import type { Node } from './syntax';
import type { Context, Operand, Value } from './value';

/** Says what expressions are, as far as that is known before the code runs. */
export interface Evaluation {
  /** Value of an expression, in one call or turn of a loop, or in all of them where no context is given. */
  value(node: Node, context?: Context): Value;
  operand(operand: Operand | undefined): Value;
  /** Value of a name. */
  binding(binding: Binding, context?: Context): Value;
  /** Property of a value. */
  member(object: Value, name: string): Value;
  /** Each call of a function, or each turn of a loop, as far as they are known. */
  contextsOf(owner: Node, context?: Context): readonly Context[];
  /** The export of a module of the application. @param name all exports together if left out */
  exported(file: string, name?: string): Value;
}
