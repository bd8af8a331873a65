import type { LiveCode } from '../source/live-code';
import { type Binding, findBinding } from '../source/scope';
import { type Node, propertyName, unwrapped } from '../source/syntax';
import { valuesOf } from '../source/value';
import { packageCalls } from './package-calls';

/** Matches functions that connect to PostgreSQL, with the address or options as the first argument. */
const connecting =
  /^((pg|@neondatabase\/serverless|@vercel\/postgres)\.(Pool|Client|createPool|createClient|neon)|postgres|drizzle-orm\/(node-postgres|postgres-js|neon-serverless|neon-http|vercel-postgres)\.drizzle)$/;
/** Matches options that hold the address, or further options with the address. */
const addressOption = /^(connectionString|connection|url)$/;

/** Returns the variables that may hold the whole address of the database, for each connection in the code. */
export function readAddresses(code: LiveCode): string[][] {
  return packageCalls(code)
    .filter(({ path }) => connecting.test(path))
    .map(({ call }) => {
      const [first] = call.arguments as Node[];
      const found = new Set<string>();
      const seen = new Set<Binding>();
      for (const node of first ? addressesIn(code, first) : [])
        for (const name of variablesOf(code, node, seen)) found.add(name);
      return [...found];
    })
    .filter((names) => names.length > 0);
}

/** Returns the expressions of an address: the argument itself, or properties of an options object. */
function addressesIn(code: LiveCode, argument: Node, depth = 0): Node[] {
  const objects = valuesOf(code.evaluator.value(argument)).filter((value) => value.kind === 'object');
  if (objects.length === 0 || depth > 3) return [argument];
  return objects.flatMap(({ node }) =>
    node.properties.flatMap((property) =>
      property.type === 'ObjectProperty' && addressOption.test(propertyName(property) ?? '')
        ? addressesIn(code, property.value as Node, depth + 1)
        : [],
    ),
  );
}

/** Returns the variables whose value an expression has, unchanged or in changed form, such as without a parameter. */
function variablesOf(code: LiveCode, node: Node, seen: Set<Binding>): string[] {
  const values = valuesOf(code.evaluator.value(node));
  const names = values.flatMap((value) => (value.kind === 'variable' ? value.name : []));
  if (names.length > 0) return names;
  const from = (part: Node) => variablesOf(code, part, seen);
  const expression = unwrapped(node);
  switch (expression.type) {
    case 'Identifier': {
      const binding = findBinding(expression.name, expression);
      if (!binding || seen.has(binding)) return [];
      seen.add(binding);
      return [...(binding.value ? [binding.value] : []), ...binding.assignments].flatMap(from);
    }
    case 'LogicalExpression':
      return [...(expression.operator === '&&' ? [] : from(expression.left)), ...from(expression.right)];
    case 'ConditionalExpression':
      return [...from(expression.consequent), ...from(expression.alternate)];
    case 'BinaryExpression':
      return expression.operator === '+' ? from(expression.left as Node) : [];
    case 'TemplateLiteral':
      return expression.quasis[0]?.value.raw === '' && expression.expressions[0]
        ? from(expression.expressions[0] as Node)
        : [];
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return from(expression.object);
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression': {
      const callee = expression.callee as Node;
      // `url.replace(…)` changes the address; `new URL(url)` contains the address.
      if (callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression')
        return from(callee.object);
      const [first] = expression.arguments as Node[];
      return first ? from(first) : [];
    }
    default:
      return [];
  }
}
