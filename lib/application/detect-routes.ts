import { balanced } from './mask-comments';
import { place, type ServerSources, type SourceFile } from './server-sources';

/** A route or mount of the server, its path resolved through the routers it hangs on. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** Arguments after the path, as written. */
  readonly handler: string;
  readonly place: string;
}

interface Call {
  readonly source: SourceFile;
  readonly receiver: string;
  readonly method: string;
  readonly paths: readonly string[];
  readonly handler: string;
  readonly offset: number;
}

const routerLike = /^(app|server|router|api|routes?|express|\w*(App|Router|Routes|Api|Server))$/;
const call =
  /\b([A-Za-z_$][\w$]*)\s*\.\s*(get|post|put|patch|delete|all|use|route)\s*\(\s*(?=(['"`][/*{]|\[\s*['"`]\/|[A-Za-z_$(]))/g;

/** The routes of an Express server, as far as their paths are written as strings; also routers with no known mount. */
export function detectRoutes({ files }: ServerSources): { routes: Route[]; unmounted: Route[] } {
  const routers = new Map(files.map((source) => [source, routersOf(source)]));
  const calls = files.flatMap((source) => callsOf(source, routers.get(source)!));
  const mounts = calls.filter(({ method }) => method === 'use');
  const prefixes = new Map<string, string[]>();

  const prefixesOf = (source: SourceFile, receiver: string, seen: readonly string[] = []): string[] => {
    if (!routers.get(source)!.has(receiver)) return [''];
    const key = `${source.file}#${receiver}`;
    if (seen.includes(key)) return [];
    const known = prefixes.get(key);
    if (known) return known;
    const found = mounts.flatMap((mount) =>
      mount.source === source && mount.receiver === receiver
        ? []
        : mountsRouter(mount, source, receiver)
          ? prefixesOf(mount.source, mount.receiver, [...seen, key]).flatMap((prefix) =>
              (mount.paths.length ? mount.paths : ['']).map((path) => join(prefix, path)),
            )
          : [],
    );
    prefixes.set(key, found);
    return found;
  };

  const routes: Route[] = [];
  const unmounted: Route[] = [];
  for (const { source, receiver, method, paths, handler, offset } of calls) {
    const known = prefixesOf(source, receiver);
    const at = place(source, offset);
    for (const path of paths)
      if (known.length === 0) unmounted.push({ method, path, handler, place: at });
      else for (const prefix of known) routes.push({ method, path: join(prefix, path), handler, place: at });
  }
  return { routes, unmounted };
}

function routersOf({ code }: SourceFile): Set<string> {
  const made =
    /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=;]+)?=\s*(?:[\w$]+\s*\.\s*)?(?:Router|PromiseRouter)\s*\(/g;
  return new Set([...code.matchAll(made)].map((match) => match[1]!));
}

function callsOf(source: SourceFile, routers: ReadonlySet<string>): Call[] {
  const calls: Call[] = [];
  for (const match of source.code.matchAll(call)) {
    const [text, receiver, method] = match as unknown as [string, string, string];
    if (!routers.has(receiver) && !routerLike.test(receiver)) continue;
    const open = match.index + text.lastIndexOf('(');
    const args = balanced(source.code, open);
    const list = /^\s*\[([^\]]*)\]/.exec(args)?.[1];
    const literal = /^\s*(['"`])(.*?)\1/.exec(args);
    if (method !== 'use' && list === undefined && !literal) continue;
    const paths = list !== undefined ? strings(list) : literal ? [literal[2]!] : [];
    const handler = list !== undefined || literal ? args.slice(args.indexOf(',') + 1) : args;
    calls.push({
      source,
      receiver,
      method,
      paths,
      handler: inlineStatic(handler, source.code),
      offset: match.index,
    });
  }
  return calls;
}

/** A handler that is a name for `express.static(…)`, written out. */
function inlineStatic(handler: string, code: string): string {
  const name = /^\s*([A-Za-z_$][\w$]*)\s*(,|$)/.exec(handler)?.[1];
  const value = name && new RegExp(`\\b${name}\\s*=\\s*((?:[\\w$]+\\.)?static\\s*\\([^;]*)`).exec(code)?.[1];
  return value ? `${value}, ${handler}` : handler;
}

/** Whether a `use(…)` mounts that router: by its name in the same file, by an import of its file elsewhere. */
function mountsRouter(mount: Call, source: SourceFile, router: string): boolean {
  const names = new Set(mount.handler.match(/[A-Za-z_$][\w$]*/g) ?? []);
  if (mount.source === source) return names.has(router);
  for (const [specifier, file] of mount.source.imports) {
    if (file !== source.file) continue;
    const quoted = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const clause = new RegExp(`import\\s+([^;'"]+?)\\s+from\\s*['"]${quoted}['"]`).exec(
      mount.source.code,
    )?.[1];
    const bound = (clause ?? '').replace(/[\w$]+\s+as\s+/g, '').match(/[A-Za-z_$][\w$]*/g) ?? [];
    if (bound.some((name) => names.has(name))) return true;
  }
  return false;
}

function strings(list: string): string[] {
  return [...list.matchAll(/(['"`])(.*?)\1/g)].map((match) => match[2]!);
}

function join(prefix: string, path: string): string {
  return `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}
