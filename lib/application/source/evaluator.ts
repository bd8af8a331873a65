import { calledFunctions, operandsOf } from './calls';
import type { Evaluation } from './evaluation';
import { exportOf } from './exports';
import { valueOfExpression } from './expressions';
import {
  memberOfClass,
  memberOfEnum,
  memberOfMade,
  memberOfObject,
  memberOfPackage,
  returnOf,
} from './members';
import { type Module, moduleOf } from './module';
import { isLoopVariable, iterated, ownerOf, typedParameter } from './parameters';
import { type Binding, importedName } from './scope';
import { type CallNode, isFunction, type Node, parentOf, unwrapped } from './syntax';
import { type Context, either, literal, type Operand, truthOf, unknown, type Value, valuesOf } from './value';

/** Most steps for one expression, and the deepest recursion. */
const mostSteps = 600;
const deepest = 60;

/** Evaluates the expressions of an application's modules. */
export class Evaluator implements Evaluation {
  private readonly calls = new Map<Node, CallNode[]>();
  /** Values without a context that are complete. */
  private readonly known = new Map<Binding, Value>();
  private readonly evaluated = new Map<Node, Value>();
  private hasCalls = false;
  /** Number of values so far that depend on calls which are not registered yet. */
  private early = 0;
  private readonly following = new Set<Binding>();
  private steps = 0;
  private depth = 0;

  constructor(private readonly modules: ReadonlyMap<string, Module>) {}

  /** Registers all calls of the application. From then on, the arguments of the calls give the values of parameters. */
  takeCalls(calls: readonly CallNode[]): void {
    const found = calls.map((call) => ({
      call,
      functions: calledFunctions(this.value(call.callee as Node)),
    }));
    for (const { call, functions } of found)
      for (const owner of functions) {
        const others = this.calls.get(owner);
        if (others) others.push(call);
        else this.calls.set(owner, [call]);
      }
    this.hasCalls = true;
  }

  callsOf(owner: Node): readonly CallNode[] {
    return this.calls.get(owner) ?? [];
  }

  value(node: Node, context?: Context): Value {
    const known = context ? undefined : this.evaluated.get(node);
    if (known) return known;
    const { early } = this;
    const value = this.bounded(() => valueOfExpression(this, unwrapped(node), context));
    // A value inside another evaluation may be incomplete, because of its limits or of a circular reference.
    const isWhole = this.depth === 0 && this.following.size === 0;
    if (isWhole && !context && early === this.early) this.evaluated.set(node, value);
    return value;
  }

  /** Limits the steps and the depth of an evaluation, because code may refer to itself. */
  private bounded(evaluate: () => Value): Value {
    if (this.depth === 0) this.steps = 0;
    if (this.depth >= deepest || ++this.steps > mostSteps) return unknown;
    this.depth++;
    try {
      return evaluate();
    } finally {
      this.depth--;
    }
  }

  operand(operand: Operand | undefined): Value {
    if (!operand) return literal(undefined);
    return 'value' in operand ? operand.value : this.value(operand.node, operand.context);
  }

  exported(file: string, name?: string): Value {
    if (name === undefined) return { kind: 'namespace', file };
    const found = exportOf(this.modules, file, name);
    if (!found) return unknown;
    if ('binding' in found) return this.binding(found.binding);
    if ('external' in found) return { kind: 'package', path: found.external };
    return 'namespace' in found ? { kind: 'namespace', file: found.namespace } : this.value(found.node);
  }

  binding(binding: Binding, context?: Context): Value {
    const known = context ? undefined : this.known.get(binding);
    if (known) return known;
    if (this.following.has(binding)) return unknown;
    this.following.add(binding);
    const { early } = this;
    try {
      const isBound = binding.kind === 'parameter' || isLoopVariable(binding);
      const value = isBound ? this.bound(binding, context) : this.declared(binding, context);
      // If the evaluation reached a limit or a circular reference, the value is incomplete and is not kept.
      if (!context && this.following.size === 1 && this.steps <= mostSteps && early === this.early)
        this.known.set(binding, value);
      return value;
    } finally {
      this.following.delete(binding);
    }
  }

  contextsOf(owner: Node, context?: Context): readonly Context[] {
    if (!this.hasCalls) {
      this.early++;
      return [];
    }
    const turns = this.turnsOf(owner, context);
    if (turns) return turns.map((item) => ({ owner, operands: [item] }));
    return this.callsOf(owner).map((call) => ({ owner, operands: operandsOf(call), call }));
  }

  /** Returns the result of a function for unknown arguments. */
  returned({ node }: Extract<Value, { kind: 'function' }>): Value {
    return returnOf(this, node, { owner: node, operands: node.params.map(() => ({ value: unknown })) });
  }

  member(object: Value, name: string): Value {
    return this.bounded(() => this.memberOf(object, name));
  }

  private memberOf(object: Value, name: string): Value {
    switch (object.kind) {
      case 'either':
        return either(object.values.map((value) => this.member(value, name)));
      case 'environment':
        return { kind: 'variable', name };
      case 'package':
        return memberOfPackage(object.path, name);
      case 'made':
        return memberOfMade(this, object, name);
      case 'namespace':
        return this.exported(object.file, name);
      case 'array': {
        if (name === 'length') return literal(object.items.length);
        const item = object.items[Number(name)];
        return item ? this.operand(item) : unknown;
      }
      case 'object':
        return this.operand(memberOfObject(this, object, name));
      case 'instance':
      case 'class': {
        const found = memberOfClass(this, object, name);
        return found ? this.operand(found) : unknown;
      }
      case 'enum':
        return memberOfEnum(this, object.node, name);
      default:
        return unknown;
    }
  }

  private declared(binding: Binding, context: Context | undefined): Value {
    const { node, value, kind, assignments } = binding;
    if (kind === 'import') return this.imported(node);
    if (kind === 'class' && node.type === 'ClassDeclaration') return { kind: 'class', node };
    if (kind === 'enum' && node.type === 'TSEnumDeclaration') return { kind: 'enum', node };
    if (kind === 'function' && isFunction(node)) return { kind: 'function', node, context };
    if (kind !== 'variable') return unknown;
    const first = value ? [this.select(this.value(value, context), binding, context)] : [];
    return either([...first, ...assignments.map((assigned) => this.value(assigned, context))]);
  }

  origin(binding: Binding): Binding {
    const declaration = binding.kind === 'import' ? parentOf(binding.node) : undefined;
    if (declaration?.type !== 'ImportDeclaration') return binding;
    const file = moduleOf(binding.node).imports.get(declaration.source.value);
    const name = importedName(binding.node);
    const found = file !== undefined && name ? exportOf(this.modules, file, name) : undefined;
    return found && 'binding' in found ? found.binding : binding;
  }

  private imported(specifier: Node): Value {
    const declaration = parentOf(specifier);
    if (declaration?.type !== 'ImportDeclaration') return unknown;
    const source = declaration.source.value;
    const file = moduleOf(specifier).imports.get(source);
    const name = importedName(specifier);
    if (file !== undefined) return this.exported(file, name);
    const path = source.replace(/^node:/, '');
    return { kind: 'package', path: name && name !== 'default' ? `${path}.${name}` : path };
  }

  /** Returns the value of a parameter or a loop variable: in the given call or turn, or in all of them. */
  private bound(binding: Binding, context: Context | undefined): Value {
    const owner = ownerOf(binding);
    const position = binding.position ?? 0;
    for (let at = context; at; at = at.outer)
      if (at.owner === owner) return this.select(this.operand(at.operands[position]), binding, context);
    const all = this.contextsOf(owner).map((each) =>
      this.select(this.operand(each.operands[position]), binding, each),
    );
    return all.length ? either(all) : this.select(typedParameter(binding), binding, context);
  }

  /** Returns the elements of the list that a loop, or a callback such as that of `forEach`, iterates over. */
  private turnsOf(owner: Node, context: Context | undefined): readonly Operand[] | undefined {
    const list = iterated(owner);
    if (!list) return undefined;
    return valuesOf(this.value(list, context)).flatMap((value) =>
      value.kind === 'array' ? value.items : [],
    );
  }

  /** Returns the part of a value that a destructured name gets. */
  private select(value: Value, { path, fallback }: Binding, context: Context | undefined): Value {
    const selected = path.reduce<Value>(
      (at, name) => (name === undefined ? unknown : this.member(at, name)),
      value,
    );
    if (!fallback) return selected;
    return either(
      valuesOf(selected).flatMap((each) => {
        if (each.kind === 'literal' && each.value === undefined) return [this.value(fallback, context)];
        return truthOf(each) === undefined ? [each, this.value(fallback, context)] : [each];
      }),
    );
  }
}
