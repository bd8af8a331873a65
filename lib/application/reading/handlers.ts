import { applicationFolder } from '../source/builtins';
import type { LiveCode } from '../source/live-code';
import { eachChild, type FunctionNode, isCall, type Node, propertyName, unwrapped } from '../source/syntax';
import { type Context, type Value, valuesOf } from '../source/value';

/** The properties of a route's handlers that the deployment depends on. */
export interface Handler {
  /** True if a handler before the last has a name that suggests a login check. */
  readonly mentionsLogin: boolean;
  readonly queriesDatabase: boolean;
  /** Folder of the files that the handler serves, relative to the application. Empty if the folder is not known. */
  readonly serves?: string;
  /** `built` for a page that the handler sends unchanged, `rendered` for a page that it renders for each request. */
  readonly page?: 'built' | 'rendered';
}

const login =
  /(auth|login|loggedin|session|admin|protect|jwt|passport|permission|role|verifytoken|requireuser)/i;

/** Returns the properties of a route's handlers. */
export function handlerOf(
  code: LiveCode,
  nodes: readonly Node[],
  values: readonly Value[],
  context: Context | undefined,
): Handler {
  const serves = nodes.flatMap((node, index) => staticFolder(code, values[index]!, node, context) ?? [])[0];
  const signs = values.flatMap((value) => signsOf(code, value));
  const page = signs.includes('rendered') ? 'rendered' : signs.includes('built') ? 'built' : undefined;
  return {
    mentionsLogin: nodes.slice(0, -1).some(asksForLogin),
    queriesDatabase: signs.includes('database'),
    ...(serves !== undefined && { serves }),
    ...(page && { page }),
  };
}

/** True if the name of a handler suggests a login check. */
export function asksForLogin(node: Node): boolean {
  const handler = unwrapped(node);
  if (handler.type === 'Identifier') return login.test(handler.name);
  if (handler.type === 'MemberExpression')
    return login.test(propertyName(handler) ?? '') || asksForLogin(handler.object);
  return handler.type === 'CallExpression' && asksForLogin(handler.callee as Node);
}

/** Returns the folder that the code passes to `express.static` or a similar function. */
function staticFolder(
  code: LiveCode,
  value: Value,
  node: Node,
  context: Context | undefined,
): string | undefined {
  for (const each of valuesOf(value)) {
    if (
      each.kind !== 'made' ||
      !/^(express\.static|serve-static|sirv|serve-index|express-static-gzip|koa-static)\(\)$/.test(each.by)
    )
      continue;
    const folder = each.node.type === 'CallExpression' ? each.node.arguments[0] : undefined;
    const path =
      folder && code.evaluator.value(folder as Node, each.node === unwrapped(node) ? context : undefined);
    return path ? folderOf(path) : '';
  }
  return undefined;
}

/** Returns a path relative to the application. If the path is not known completely, returns its known beginning. */
export function folderOf(value: Value): string {
  for (const each of valuesOf(value)) {
    const begin = each.kind === 'text' ? each.parts[0] : undefined;
    if (begin === undefined) continue;
    return begin
      .replace(/^(\.\/)+/, '')
      .replace(new RegExp(`^${applicationFolder}/?`), '')
      .replace(/\/$/, '');
  }
  return '';
}

type Sign = 'database' | 'rendered' | 'built';

const databases =
  /^(pg|postgres|@neondatabase\/serverless|drizzle-orm(\/[\w-]+)?|@prisma\/client|knex|typeorm|sequelize|kysely|mongoose|slonik)\b/;
const renderers =
  /^(react-dom\/server|preact-render-to-string|@vue\/server-renderer|svelte\/server|solid-js\/web)\./;

/** The signs in a function's own code, and the functions that it calls. */
interface Signs {
  readonly own: readonly Sign[];
  readonly calls: readonly FunctionNode[];
}

const known = new WeakMap<Node, Signs>();

/** Deepest chain of calls that is followed from a handler. */
const deepest = 3;

/** Returns the signs in a handler and in the functions that it calls. */
function signsOf(code: LiveCode, value: Value): Sign[] {
  if (value.kind !== 'function') return [];
  const seen = new Set<FunctionNode>([value.node]);
  let level: readonly FunctionNode[] = [value.node];
  const signs: Sign[] = [];
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const found = level.map((fn) => signsOfFunction(code, fn));
    signs.push(...found.flatMap(({ own }) => own));
    level = found.flatMap(({ calls }) => calls).filter((fn) => !seen.has(fn) && seen.add(fn));
  }
  return signs;
}

function signsOfFunction(code: LiveCode, fn: FunctionNode): Signs {
  const before = known.get(fn);
  if (before) return before;
  const own: Sign[] = [];
  const calls: FunctionNode[] = [];
  let readsPage = false;
  let replaces = false;
  const visit = (node: Node): void => {
    if (node.type === 'StringLiteral' && /(^|\/)index\.html$/.test(node.value)) readsPage = true;
    if (node.type === 'TaggedTemplateExpression') {
      const tag = code.evaluator.value(node.tag);
      if (tag.kind === 'made' && databases.test(tag.by)) own.push('database');
    }
    if (isCall(node)) {
      const callee = unwrapped(node.callee as Node);
      const name = callee.type === 'MemberExpression' ? (propertyName(callee) ?? '') : '';
      if (name === 'sendFile' || name === 'sendfile') own.push('built');
      if (name === 'render' && isResponse(callee)) own.push('rendered');
      if (/^(replace(All)?|transformIndexHtml)$/.test(name)) replaces = true;
      if (isDatabaseByName(code, callee)) own.push('database');
      for (const called of valuesOf(code.evaluator.value(callee))) {
        if (called.kind === 'made' && databases.test(called.by)) own.push('database');
        if (called.kind === 'package' && renderers.test(called.path)) own.push('rendered');
        if (called.kind === 'function') calls.push(called.node);
      }
    }
    eachChild(node, visit);
  };
  visit(fn.body);
  if (readsPage && replaces) own.push('rendered');
  const signs = { own, calls };
  known.set(fn, signs);
  return signs;
}

/** True for `db.execute(…)` if the origin of `db` is unknown. */
function isDatabaseByName(code: LiveCode, callee: Node): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  if (!/^(db|pool|sql|prisma|database)$/.test(callee.object.name)) return false;
  const value = code.evaluator.value(callee.object);
  return value.kind === 'unknown' || (value.kind === 'package' && value.path.startsWith('globalThis.'));
}

/** True for `res.render` and `response.render`. */
function isResponse(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    /^(res|response)$/.test(callee.object.name)
  );
}
