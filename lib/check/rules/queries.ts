import type { Program } from '@babel/types';
import { queryPackages } from '../../application/reading/database';
import { packageCalls } from '../../application/reading/package-calls';
import { placeOf } from '../../application/source/module';
import { nodesOf } from '../../application/source/scope';
import { eachChild, isCall, type Node, propertyName, unwrapped } from '../../application/source/syntax';
import { valuesOf } from '../../application/source/value';
import type { CheckedApplication } from '../sources/checked-application';
import type { ImportGraph } from '../sources/import-graph';
import { heldNames, isHeld } from './held-databases';
import { splitPlace } from './place';

/** Matches packages that connect to PostgreSQL. */
export const driver = new RegExp(`^${queryPackages}$`);
const queryMethod =
  /^(select|selectDistinct|selectDistinctOn|insert|update|delete|execute|query|transaction|\$count|findMany|findFirst)$/;

/** Query methods of pools, clients and Drizzle, for objects whose creation the code analysis finds. */
const liveQuery = new RegExp(
  String.raw`^${queryPackages}(\.\w+)?\(\)(\.connect\(\)|\.query\.\w+|\.\$client)?\.(select|selectDistinct|selectDistinctOn|insert|update|delete|execute|query|transaction|\$count|findMany|findFirst|unsafe)$`,
);

/** Returns the modules that create connections, and the modules that re-export them. */
export function databaseModules(
  application: CheckedApplication,
  imports: ImportGraph['imports'],
): ReadonlySet<string> {
  const found = new Set(
    [...imports]
      .filter(([, edges]) => edges.some((edge) => driver.test(edge.package ?? '')))
      .map(([file]) => file),
  );
  const exporters = [...imports].filter(
    ([file]) => application.sideOf(file) === 'server' && exportsAgain.test(application.text(file) ?? ''),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [file, edges] of exporters)
      if (edges.some((edge) => edge.file !== undefined && found.has(edge.file))) found.add(file);
  }
  return found;
}

/** Matches modules that export something of another module. */
export const exportsAgain = /export\s+(\*|\{[^}]*\})\s+from\s/;

/** Functions whose calls or templates are queries. */
const queryFunction = /^(postgres|@neondatabase\/serverless\.neon)\(\)$|^@vercel\/postgres\.sql$/;

/** Returns the lines of queries by module, in the code that production runs. */
export function liveQueries(application: CheckedApplication): ReadonlyMap<string, readonly number[]> {
  const code = application.server()?.code;
  const found = new Map<string, number[]>();
  if (!code) return found;
  const add = (node: Node) => {
    const { file, line = 1 } = splitPlace(placeOf(node));
    found.set(file, [...(found.get(file) ?? []), line]);
  };
  for (const { path, call } of packageCalls(code)) {
    const isNeon = path === '@neondatabase/serverless.neon()';
    if ((isNeon || liveQuery.test(path)) && !isPing(call.arguments[0] as Node | undefined)) add(call);
  }
  const held = heldNames(code);
  const isAnyHeld = held.properties.size + held.settings.size > 0;
  for (const call of isAnyHeld ? code.calls : []) {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') continue;
    const isQuery =
      queryMethod.test(propertyName(callee) ?? '') && !isPing(call.arguments[0] as Node | undefined);
    if (isQuery && isHeld(held, callee.object)) add(call);
  }
  for (const { program } of code.modules)
    for (const node of nodesOf(program, 'TaggedTemplateExpression')) {
      if (isPing(node)) continue;
      const isQuery = valuesOf(code.evaluator.value(node.tag)).some(
        (tag) =>
          (tag.kind === 'made' && queryFunction.test(tag.by)) ||
          (tag.kind === 'package' && queryFunction.test(tag.path)),
      );
      if (isQuery || (isAnyHeld && isHeld(held, node.tag))) add(node);
    }
  return found;
}

/**
 * Returns the lines of queries that use an export of the database modules, or a connection that the module itself
 * creates.
 * @param sources import paths of the database modules and drivers, as written
 */
export function queriesIn(program: Program, sources: ReadonlySet<string>): number[] {
  const names = new Set<string>();
  const lines: number[] = [];
  const add = (node: Node) => {
    const line = node.loc?.start.line;
    if (line !== undefined) lines.push(line);
  };
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration' && node.importKind !== 'type' && sources.has(node.source.value))
      for (const { local } of node.specifiers) names.add(local.name);
    if (node.type === 'VariableDeclarator' && node.init && comesFrom(node.init, names, sources))
      for (const name of namesIn(node.id as Node)) names.add(name);
    if (isCall(node) && node.callee.type === 'MemberExpression') {
      const root = rootOf(node.callee.object);
      const isQuery = queryMethod.test(propertyName(node.callee) ?? '');
      if (root && names.has(root) && isQuery && !isPing(node.arguments[0] as Node | undefined)) add(node);
    }
    eachChild(node, visit);
  };
  visit(program);
  return lines;
}

/** Returns true for `pool.connect()`, `new Pool()`, `drizzle(pool)`, `require('../db')` and `await import('../db')`. */
function comesFrom(node: Node, names: ReadonlySet<string>, sources: ReadonlySet<string>): boolean {
  const value = unwrapped(node);
  if (!isCall(value)) return false;
  const { callee } = value;
  const [first] = value.arguments;
  const loads = callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
  if (loads) return first?.type === 'StringLiteral' && sources.has(first.value);
  if (callee.type === 'Identifier') return names.has(callee.name);
  const root = rootOf(callee as Node);
  const method = callee.type === 'MemberExpression' ? propertyName(callee) : undefined;
  return root !== undefined && names.has(root) && /^(connect|Pool|Client|drizzle|neon)$/.test(method ?? '');
}

function rootOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? rootOf(node.object) : undefined;
}

function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [pattern.name];
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((property) =>
    property.type === 'ObjectProperty' ? namesIn(property.value) : [],
  );
}

/** Returns true for `SELECT 1`, which only tests the connection. */
function isPing(argument: Node | undefined): boolean {
  const text =
    argument?.type === 'StringLiteral'
      ? argument.value
      : argument?.type === 'TaggedTemplateExpression'
        ? argument.quasi.quasis.map(({ value }) => value.raw).join('')
        : '';
  return /^\s*select\s+(1|now\(\))/i.test(text);
}
