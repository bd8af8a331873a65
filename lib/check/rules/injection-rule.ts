import { queryPackages } from '../../application/reading/database';
import { packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { entriesOf } from '../../application/source/members';
import { moduleOf, placeOf } from '../../application/source/module';
import { findBinding } from '../../application/source/scope';
import { type CallNode, calledName, isMember, type Node, unwrapped } from '../../application/source/syntax';
import { textOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import { splitPlace } from './place';
import { RequestValues } from './request-values';

/** A kind of text that a computer runs or follows. */
type Kind = 'query' | 'command' | 'code' | 'path' | 'redirect';

const kinds: Readonly<Record<Kind, Pick<Rule, 'why' | 'fix'> & { readonly what: string }>> = {
  query: {
    what: 'the text of this query contains',
    why: 'a visitor writes SQL of their own, and reads or deletes all data (SQL injection)',
    fix: ["give the value as a parameter: sql`… ${value}`, or query('… $1', [value])"],
  },
  command: {
    what: 'this shell command contains',
    why: 'a visitor runs commands of their own on the server (command injection)',
    fix: ['use execFile or spawn with a list of arguments'],
  },
  code: {
    what: 'the server runs code that contains',
    why: 'a visitor runs code of their own on the server',
    fix: ['parse the value, for example with JSON.parse and a schema'],
  },
  path: {
    what: 'this path of a file contains',
    why: 'with `..` in the value, a visitor reaches files elsewhere (path traversal)',
    fix: [
      'use path.basename(value), or refuse a path outside the folder',
      'or give sendFile the option root',
    ],
  },
  redirect: {
    what: 'the server redirects to',
    why: 'a link to this site leads to any other site, which may imitate this one',
    fix: ["refuse values that do not begin with a single '/'"],
  },
};

export const requestValueInjected: Rule = {
  rule: 'request-value-injected',
  asks: 'Values of requests are no part of queries, commands, code, paths of files or redirects.',
  section: '11.2',
  severity: 'warning',
  why: kinds.query.why,
  fix: kinds.query.fix,
  example: 'db.execute(sql`SELECT * FROM entries WHERE message LIKE ${pattern}`)',
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const values = new RequestValues(application, code);
    const paths = new Map<CallNode, string[]>();
    for (const { call, path } of packageCalls(code))
      paths.set(call, [...(paths.get(call) ?? []), promisified(code, call) ?? path]);
    const told = new Set<string>();
    return code.calls.flatMap((call): Found[] => {
      const sink = sinkOf(code, call, paths.get(call) ?? []);
      if (!sink) return [];
      for (const node of sink.nodes) {
        const source = values.in(node, sink.kind === 'path');
        // A module often uses the same path several times.
        const key = `${moduleOf(call).file} ${sink.kind} ${source}`;
        if (source === undefined || (sink.kind === 'path' && told.has(key))) continue;
        told.add(key);
        const { what, why, fix } = kinds[sink.kind];
        return [{ ...splitPlace(placeOf(call)), what: `${what} ${source}`, why, fix }];
      }
      return [];
    });
  },
};

interface Sink {
  readonly kind: Kind;
  readonly nodes: readonly Node[];
}

const queryMethod =
  /^(query|execute|unsafe|raw|\$queryRawUnsafe|\$executeRawUnsafe|none|one|any|many|oneOrNone|manyOrNone)$/;
const ownQuery = new RegExp(
  String.raw`^${queryPackages}(\.\w+)?\(\).*\.(query|execute|unsafe|raw)$|^drizzle-orm(/[\w-]+)?\.sql\.raw$|^@neondatabase/serverless\.neon\(\)(\.query)?$`,
);
const fileFunction =
  /^fs(\/promises|\.promises)?\.(readFile|readFileSync|createReadStream|writeFile|writeFileSync|createWriteStream|unlink|unlinkSync|rm|rmSync|readdir|readdirSync)$|^fs-extra\.\w+$/;

/** Returns the part of a call that a computer runs or follows. */
function sinkOf(code: LiveCode, call: CallNode, paths: readonly string[]): Sink | undefined {
  const callee = unwrapped(call.callee as Node);
  const [first, second] = call.arguments as readonly Node[];
  if (!first || first.type === 'StringLiteral' || first.type === 'NumericLiteral') return undefined;
  if (callee.type === 'Identifier' && callee.name === 'eval') return { kind: 'code', nodes: [first] };
  if (callee.type === 'Identifier' && callee.name === 'Function' && call.type === 'NewExpression')
    return { kind: 'code', nodes: call.arguments as Node[] };
  const name = calledName(call) ?? '';
  if (isMember(callee) && /^(sendFile|download)$/.test(name))
    return hasRoot(code, second) ? undefined : { kind: 'path', nodes: [first] };
  if (isMember(callee) && name === 'redirect') {
    const target = call.arguments.at(-1) as Node;
    return isWhole(target) ? { kind: 'redirect', nodes: [target] } : undefined;
  }
  if (paths.some((path) => ownQuery.test(path))) return { kind: 'query', nodes: [textArgument(code, first)] };
  if (paths.some((path) => /^child_process\.(exec|execSync)$/.test(path)))
    return { kind: 'command', nodes: [first] };
  if (paths.some((path) => fileFunction.test(path))) return { kind: 'path', nodes: [first] };
  if (paths.some((path) => /^vm\.(runIn\w+|Script)$/.test(path))) return { kind: 'code', nodes: [first] };
  const text = queryMethod.test(name) ? textArgument(code, first) : undefined;
  return text && isSql(text) ? { kind: 'query', nodes: [text] } : undefined;
}

/** Returns the path of the function in `promisify(exec)`, if a call runs the result. */
function promisified(code: LiveCode, { callee }: CallNode): string | undefined {
  const value = code.evaluator.value(callee as Node);
  if (value.kind !== 'made' || value.by !== 'util.promisify()' || value.node.type !== 'CallExpression')
    return undefined;
  const [given] = value.node.arguments;
  const inner = given && code.evaluator.value(given as Node);
  return inner?.kind === 'package' ? inner.path : undefined;
}

/** Returns the text in `query({ text: … })`, or the argument itself. */
function textArgument(code: LiveCode, node: Node): Node {
  const value = code.evaluator.value(node);
  if (value.kind !== 'object') return node;
  const text = entriesOf(code.evaluator, value).find(({ name }) => textOf(name) === 'text')?.value;
  return text && 'node' in text ? text.node : node;
}

function hasRoot(code: LiveCode, options: Node | undefined): boolean {
  const value = options && code.evaluator.value(options);
  return (
    value?.kind === 'object' && entriesOf(code.evaluator, value).some(({ name }) => textOf(name) === 'root')
  );
}

/** Returns true for a value without a text before it, such as the scheme and the host. */
function isWhole(given: Node): boolean {
  const node = unwrapped(given);
  if (node.type === 'TemplateLiteral') return node.quasis[0]!.value.raw === '';
  if (node.type === 'BinaryExpression') return isWhole(node.left as Node);
  if (node.type === 'LogicalExpression') return isWhole(node.left);
  return node.type !== 'StringLiteral';
}

/** Returns true for a text that begins with a statement of SQL. */
function isSql(given: Node, depth = 0): boolean {
  const node = unwrapped(given);
  if (node.type === 'StringLiteral') return statement.test(node.value);
  if (node.type === 'TemplateLiteral') return statement.test(node.quasis[0]!.value.raw);
  if (node.type === 'BinaryExpression') return isSql(node.left as Node, depth);
  if (node.type !== 'Identifier' || depth > 3) return false;
  const { path = [], value } = findBinding(node.name, node) ?? {};
  return path.length === 0 && value !== undefined && isSql(value, depth + 1);
}

const statement = /^\s*(select|insert\s+into|update|delete\s+from|with|alter|drop|create|truncate)\b/i;
