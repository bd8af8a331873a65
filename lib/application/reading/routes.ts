import { contextsFor } from '../source/contexts';
import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { type CallNode, type Node, propertyName, unwrapped } from '../source/syntax';
import { type Context, textOf, type Value, valuesOf } from '../source/value';
import { type Handler, handlerOf } from './handlers';
import { type Router, routersOf } from './routers';
import type { Route, Unplaced } from './server-reading';

const methods = /^(get|post|put|patch|delete|del|head|options|all|use|ws)$/;

/** A call that adds a handler to a router. The path of the router itself is not known yet. */
interface Registered {
  readonly router: Router;
  readonly method: string;
  /** Paths in Express syntax. `undefined` stands for a path that is computed at run time. */
  readonly paths: readonly (string | undefined)[];
  readonly routers: readonly Router[];
  readonly handler: Handler;
  readonly place: string;
}

/** Finds the routes of an Express server, each with the prefixes of its routers. */
export function readRoutes(code: LiveCode): { routes: Route[]; unplaced: Unplaced[] } {
  const registered = code.calls.flatMap((call) => registrationsOf(code, call));
  const prefixes = new Prefixes(registered);
  const routes: Route[] = [];
  const unplaced: Unplaced[] = [];
  const lost = new Set<Node>();
  for (const { router, method, paths, routers, handler, place } of registered) {
    if (method === 'use' && routers.length > 0) continue;
    const known = prefixes.of(router);
    if (known.length === 0 && !lost.has(router.node)) {
      lost.add(router.node);
      unplaced.push({
        kind: 'router',
        place,
        what: `no call of use() was found that mounts this router, whose first route is ${paths[0] ?? 'unknown'}`,
      });
    }
    for (const path of paths)
      if (path === undefined)
        unplaced.push({ kind: 'route', place, what: 'the path of this route is put together at run time' });
      else
        for (const prefix of known) {
          const { mentionsLogin, ...rest } = handler;
          routes.push({
            method,
            path: join(prefix.path, path),
            place,
            ...rest,
            needsLogin: mentionsLogin || prefix.needsLogin,
          });
        }
  }
  return { routes, unplaced };
}

/** Returns the registrations of a call, one for each context that gives another path or router. */
function registrationsOf(code: LiveCode, call: CallNode): Registered[] {
  const callee = unwrapped(call.callee as Node);
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return [];
  const method = propertyName(callee) ?? '';
  if (!methods.test(method) || call.arguments.length === 0) return [];
  if (routersOf(code, code.evaluator.value(callee.object)).length === 0 && !isRoute(code, callee.object))
    return [];
  const given = call.arguments as readonly Node[];
  return contextsFor(code.evaluator, [
    callee.object,
    ...given.filter(({ type }) => !type.includes('Function')),
  ]).flatMap((context) => {
    const object = code.evaluator.value(callee.object, context);
    const chain = routeOf(code, object, context);
    const args = given.map((argument) => code.evaluator.value(argument, context));
    const isPathGiven = !chain && (method !== 'use' || isPath(code, args[0]!) || isUnknownPath(code, args));
    // `app.get('setting')` reads a setting.
    if (!chain && method === 'get' && given.length === 1) return [];
    const handlers = isPathGiven ? given.slice(1) : given;
    const targets = isPathGiven ? args.slice(1) : args;
    const paths = chain ? chain.paths : isPathGiven ? pathsOf(code, args[0]!) : ['/'];
    return (chain?.routers ?? routersOf(code, object)).map((router) => ({
      router,
      method: method === 'del' ? 'delete' : method,
      paths,
      routers: targets
        .flatMap((target) => handlersIn(code, target))
        .flatMap((target) => routersOf(code, target)),
      handler: handlerOf(code, handlers, targets, context),
      place: placeOf(call),
    }));
  });
}

/** True if an object is the result of `app.route('/x')`. */
function isRoute(code: LiveCode, object: Node): boolean {
  return valuesOf(code.evaluator.value(object)).some(
    (value) => value.kind === 'made' && routeCall(value) !== undefined,
  );
}

function routeOf(
  code: LiveCode,
  object: Value,
  context: Context | undefined,
): { routers: readonly Router[]; paths: readonly (string | undefined)[] } | undefined {
  for (const value of valuesOf(object)) {
    const made = value.kind === 'made' ? routeCall(value) : undefined;
    if (made?.node.type !== 'CallExpression' || !made.from) continue;
    const [path] = made.node.arguments;
    return {
      routers: routersOf(code, made.from),
      paths: path ? pathsOf(code, code.evaluator.value(path as Node, context)) : [undefined],
    };
  }
  return undefined;
}

/** Returns the call of `route()` at the start of a chain such as `app.route('/x').get(…)`. */
function routeCall(value: Extract<Value, { kind: 'made' }>): Extract<Value, { kind: 'made' }> | undefined {
  if (/\.route\(\)$/.test(value.by)) return value;
  return value.from?.kind === 'made' && /\.route\(\)\./.test(value.by) ? routeCall(value.from) : undefined;
}

function isPath(code: LiveCode, value: Value): boolean {
  return valuesOf(value).some((each) => {
    if (each.kind === 'array') return each.items.some((item) => isPath(code, code.evaluator.operand(item)));
    return each.kind === 'text' || each.kind === 'pattern';
  });
}

/** True for `app.use(somewhere(), router)`: an unknown argument before a router is the path. */
function isUnknownPath(code: LiveCode, [first, second]: readonly Value[]): boolean {
  return first?.kind === 'unknown' && second !== undefined && routersOf(code, second).length > 0;
}

function pathsOf(code: LiveCode, value: Value): (string | undefined)[] {
  return valuesOf(value).flatMap((each): (string | undefined)[] => {
    if (each.kind === 'array')
      return each.items.flatMap((item) => pathsOf(code, code.evaluator.operand(item)));
    if (each.kind === 'pattern') return [pathOfPattern(each.source)];
    if (each.kind !== 'text') return [undefined];
    if (each.parts[0] === undefined) return [undefined];
    // An unknown part is treated as a path parameter.
    return [textOf(each) ?? each.parts.map((part) => part ?? ':any').join('')];
  });
}

/** Returns the path for a regular expression that matches every path, or every path below a folder. */
function pathOfPattern(source: string): string | undefined {
  if (/^\^?(\\\/)?\(?\.\*\)?\$?$|^\^?\(?\?!|^\^?(\\\/)?\(\?!/.test(source)) return '/*';
  const folder = /^\^((?:\\\/[\w-]+)+)(?:\\\/|\(|\.|$)/.exec(source)?.[1]?.replaceAll('\\/', '/');
  return folder ? `${folder}/*` : undefined;
}

/** Returns the handlers of an argument, which may be an array. */
function handlersIn(code: LiveCode, value: Value): readonly Value[] {
  return value.kind === 'array' ? value.items.map((item) => code.evaluator.operand(item)) : [value];
}

interface Prefix {
  readonly path: string;
  readonly needsLogin: boolean;
}

/** Finds the paths that routers are mounted at. */
class Prefixes {
  private readonly known = new Map<Node, readonly Prefix[]>();
  private readonly mounts = new Map<Node, Registered[]>();

  constructor(registered: readonly Registered[]) {
    for (const each of registered)
      if (each.method === 'use')
        for (const { node } of each.routers) {
          const mounts = this.mounts.get(node);
          if (mounts) mounts.push(each);
          else this.mounts.set(node, [each]);
        }
  }

  of({ kind, node }: Router, seen: readonly Node[] = []): readonly Prefix[] {
    const known = this.known.get(node);
    if (known) return known;
    if (seen.includes(node)) return [];
    const found = (this.mounts.get(node) ?? []).flatMap((mount) =>
      this.of(mount.router, [...seen, node]).flatMap((prefix) =>
        mount.paths.flatMap((path) =>
          path === undefined
            ? []
            : { path: join(prefix.path, path), needsLogin: prefix.needsLogin || mount.handler.mentionsLogin },
        ),
      ),
    );
    const prefixes =
      found.length === 0 && kind === 'application' ? [{ path: '/', needsLogin: false }] : found;
    this.known.set(node, prefixes);
    return prefixes;
  }
}

function join(prefix: string, path: string): string {
  return `/${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}
