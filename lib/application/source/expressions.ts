import { globalOf, importMetaOf, partsOf } from './builtins';
import { valueOfCall } from './calls';
import { afterChanges, isChangeable } from './changes';
import type { Evaluation } from './evaluation';
import { classAround, entriesOf } from './members';
import { moduleOf } from './module';
import { binary, logical, unary } from './operators';
import { findBinding } from './scope';
import { isFunction, type Node, propertyName, unwrapped } from './syntax';
import {
  type Context,
  constantOf,
  either,
  literal,
  type Operand,
  text,
  truthOf,
  unknown,
  type Value,
} from './value';

/** Evaluates one expression. The evaluation evaluates the parts of the expression. */
export function valueOfExpression(evaluation: Evaluation, node: Node, context: Context | undefined): Value {
  switch (node.type) {
    case 'StringLiteral':
      return text(node.value);
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return literal(node.value);
    case 'NullLiteral':
      return literal(null);
    case 'RegExpLiteral':
      return { kind: 'pattern', source: node.pattern };
    case 'TemplateLiteral':
      return text(
        ...node.quasis.flatMap((quasi, index) => [
          quasi.value.cooked ?? '',
          ...(index < node.expressions.length
            ? partsOf(evaluation.value(node.expressions[index]!, context))
            : []),
        ]),
      );
    case 'Identifier':
      return valueOfName(evaluation, node.name, node, context);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return valueOfMember(evaluation, node, context);
    case 'ThisExpression': {
      const around = classAround(node);
      return around ? { kind: 'instance', node: around } : unknown;
    }
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return valueOfCall(evaluation, node, context);
    case 'LogicalExpression':
      return logical(node.operator, evaluation.value(node.left, context), () =>
        evaluation.value(node.right, context),
      );
    case 'ConditionalExpression': {
      const truth = truthOf(evaluation.value(node.test, context));
      const branches = truth === undefined ? [true, false] : [truth];
      return either(
        branches.map((branch) => evaluation.value(branch ? node.consequent : node.alternate, context)),
      );
    }
    case 'UnaryExpression':
      return unary(node.operator, evaluation.value(node.argument, context));
    case 'BinaryExpression':
      return binary(
        node.operator,
        evaluation.value(node.left as Node, context),
        evaluation.value(node.right, context),
      );
    case 'AssignmentExpression':
      return evaluation.value(node.right, context);
    case 'ObjectExpression':
      return { kind: 'object', node, context };
    case 'ArrayExpression':
      return { kind: 'array', items: itemsOf(evaluation, node.elements, context) };
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { kind: 'class', node };
    default:
      return isFunction(node) ? { kind: 'function', node, context } : unknown;
  }
}

function itemsOf(
  evaluation: Evaluation,
  elements: readonly (Node | null)[],
  context: Context | undefined,
): Operand[] {
  return elements.flatMap((element): readonly Operand[] => {
    if (!element) return [];
    if (element.type !== 'SpreadElement') return [{ node: element, ...(context && { context }) }];
    const spread = evaluation.value(element.argument, context);
    return spread.kind === 'array' ? spread.items : [];
  });
}

function valueOfName(evaluation: Evaluation, name: string, node: Node, context: Context | undefined): Value {
  const binding = findBinding(name, node);
  if (binding) return evaluation.binding(binding, context);
  return globalOf(name, moduleOf(node).runtimeFolder);
}

function valueOfMember(
  evaluation: Evaluation,
  node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
  context: Context | undefined,
): Value {
  const name = propertyName(node) ?? constantOf(evaluation.value(node.property, context));
  if (node.object.type === 'MetaProperty') return importMetaOf(name, moduleOf(node).runtimeFolder);
  const object = evaluation.value(node.object, context);
  if (name !== undefined) {
    const value = evaluation.member(object, String(name));
    if (!isChangeable(object)) return value;
    const holder = unwrapped(node.object);
    const binding = holder.type === 'Identifier' ? findBinding(holder.name, holder) : undefined;
    // Both the module of an imported object and the importing module may change the object.
    const declarations = binding ? [binding, evaluation.origin(binding)] : [];
    return declarations.reduce((at, each) => afterChanges(each, String(name), at), value);
  }
  // If the index is unknown, `list[index]` and `table[key]` may be any of the elements.
  if (object.kind === 'array') return either(object.items.map((item) => evaluation.operand(item)));
  if (object.kind !== 'object') return unknown;
  return either(entriesOf(evaluation, object).map(({ value }) => evaluation.operand(value)));
}
