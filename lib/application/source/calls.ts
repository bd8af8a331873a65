import { callBuiltin, callOfText, partsOf } from './builtins';
import type { Evaluation } from './evaluation';
import { constructorOf, entriesOf, returnOf } from './members';
import { moduleOf } from './module';
import { findBinding } from './scope';
import { type CallNode, isFunction, type Node, propertyName, unwrapped } from './syntax';
import { type Context, either, type Operand, text, textOf, unknown, type Value, valuesOf } from './value';

/** Returns the value of a call. */
export function valueOfCall(evaluation: Evaluation, call: CallNode, context: Context | undefined): Value {
  const loaded = loadedModule(evaluation, call);
  if (loaded) return loaded;
  const callee = unwrapped(call.callee as Node);
  const operands = operandsOf(call, context);
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression')
    return callOf(evaluation, evaluation.value(callee, context), operands, call);
  const object = evaluation.value(callee.object, context);
  const method = propertyName(callee) ?? '';
  return either(
    valuesOf(object).map((value) => {
      if (value.kind === 'array') return callOfArray(evaluation, value.items, method, operands);
      const isText = value.kind === 'text' || value.kind === 'literal' || textOf(value) !== undefined;
      const args = () => operands.map((operand) => evaluation.operand(operand));
      const ofText = isText ? callOfText(value, method, args) : undefined;
      return ofText ?? callOf(evaluation, evaluation.member(value, method), operands, call, value);
    }),
  );
}

/** Returns the arguments of a call. All arguments after the first spread are unknown. */
export function operandsOf(call: CallNode, context?: Context): readonly Operand[] {
  const spread = call.arguments.findIndex(({ type }) => type === 'SpreadElement');
  const plain = spread === -1 ? call.arguments : call.arguments.slice(0, spread);
  const operands = plain.map((node): Operand => ({ node, ...(context && { context }) }));
  return spread === -1 ? operands : [...operands, ...Array.from({ length: 4 }, () => ({ value: unknown }))];
}

/** Returns the module that `require('./x')` or `import('./x')` loads. */
function loadedModule(evaluation: Evaluation, call: CallNode): Value | undefined {
  const source = call.arguments[0];
  const { callee } = call;
  const isImport = callee.type === 'Import';
  if (!isImport && !(callee.type === 'Identifier' && isRequire(evaluation, callee))) return undefined;
  const name = source && textOf(evaluation.value(source));
  if (name === undefined) return unknown;
  const file = moduleOf(call).imports.get(name);
  if (file === undefined) return { kind: 'package', path: name.replace(/^node:/, '') };
  if (isImport) return evaluation.exported(file);
  const whole = evaluation.exported(file, 'default');
  return whole.kind === 'unknown' ? evaluation.exported(file) : whole;
}

function isRequire(evaluation: Evaluation, callee: Extract<Node, { type: 'Identifier' }>): boolean {
  if (callee.name !== 'require') return false;
  if (!findBinding('require', callee)) return true;
  const value = evaluation.value(callee);
  return value.kind === 'made' && value.by === 'module.createRequire()';
}

function callOf(
  evaluation: Evaluation,
  callee: Value,
  operands: readonly Operand[],
  call: CallNode,
  from?: Value,
): Value {
  switch (callee.kind) {
    case 'either':
      return either(callee.values.map((value) => callOf(evaluation, value, operands, call, from)));
    case 'function':
      return inlined(evaluation, callee, operands);
    case 'class':
      return { kind: 'instance', node: callee.node, operands };
    case 'package': {
      const args = () => operands.map((operand) => evaluation.operand(operand));
      return (
        callOfObject(evaluation, callee.path, args) ??
        callBuiltin(callee.path, args) ?? { kind: 'made', by: `${callee.path}()`, node: call }
      );
    }
    case 'made':
      // Express sets its setting `env` to NODE_ENV, which is always `production` for this server.
      if (/^express\(\)\.get$/.test(callee.by) && textOf(evaluation.operand(operands[0])) === 'env')
        return text('production');
      return { kind: 'made', by: `${callee.by}()`, node: call, ...(from && { from }) };
    default:
      return unknown;
  }
}

function inlined(
  evaluation: Evaluation,
  fn: Extract<Value, { kind: 'function' }>,
  operands: readonly Operand[],
): Value {
  return evaluation.operand(returned(evaluation, fn, operands));
}

/** Returns what a function returns: its expression, which is evaluated if its value is needed, or the value. */
function returned(
  evaluation: Evaluation,
  { node, context: outer }: Extract<Value, { kind: 'function' }>,
  operands: readonly Operand[],
): Operand {
  const context: Context = { owner: node, operands, ...(outer && { outer }) };
  if (node.body.type !== 'BlockStatement') return { node: node.body, context };
  return { value: returnOf(evaluation, node, context) };
}

/** Evaluates `Object.keys`, `Object.values` and `Object.entries` of an object literal. */
function callOfObject(evaluation: Evaluation, path: string, args: () => readonly Value[]): Value | undefined {
  const method = /^globalThis\.Object\.(keys|values|entries)$/.exec(path)?.[1];
  if (!method) return undefined;
  const [argument = unknown] = args();
  if (argument.kind !== 'object') return undefined;
  const items = entriesOf(evaluation, argument).map(({ name, value }): Operand => {
    if (method === 'values') return value;
    return { value: method === 'keys' ? name : { kind: 'array', items: [{ value: name }, value] } };
  });
  return { kind: 'array', items };
}

function callOfArray(
  evaluation: Evaluation,
  items: readonly Operand[],
  method: string,
  operands: readonly Operand[],
): Value {
  const first = operands[0] && evaluation.operand(operands[0]);
  switch (method) {
    case 'filter':
    case 'slice':
    case 'sort':
    case 'reverse':
      return { kind: 'array', items };
    case 'concat':
      return {
        kind: 'array',
        items: [...items, ...(first?.kind === 'array' ? first.items : [{ value: first ?? unknown }])],
      };
    case 'map':
    case 'flatMap':
      if (first?.kind !== 'function') return unknown;
      return { kind: 'array', items: items.map((item) => returned(evaluation, first, [item])) };
    case 'join': {
      const separator = first ? partsOf(first) : [','];
      return text(
        ...items.flatMap((item, index) => [
          ...(index > 0 ? separator : []),
          ...partsOf(evaluation.operand(item)),
        ]),
      );
    }
    case 'find':
    case 'at':
    case 'pop':
    case 'shift':
      return either(items.map((item) => evaluation.operand(item)));
    default:
      return unknown;
  }
}

/** Returns the functions and constructors that a callee may run. */
export function calledFunctions(callee: Value): Node[] {
  return valuesOf(callee).flatMap((value) => {
    if (value.kind === 'function') return [value.node];
    const made = value.kind === 'class' ? constructorOf(value.node) : undefined;
    return isFunction(made) ? [made] : [];
  });
}
