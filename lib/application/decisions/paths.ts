import type { Route, ServerReading } from '../reading/server-reading';
import type { Warning } from '../warning';

/**
 * Most path patterns of the server. CloudFront's quota is 75 cache behaviors a distribution, of which the client needs
 * three and your own additions a few.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
const mostPatterns = 65;

const everything = /^\/?(\*|\{?\*\w*\}?|\(\.\*\)|\.\*)/;

/** The path patterns that CloudFront sends to the server. */
export interface ServerPaths {
  readonly paths: readonly string[];
  /** Place of the route that answers every path with a page that it makes for each request. */
  readonly renders?: string;
  readonly warnings: readonly Warning[];
}

/**
 * CloudFront path patterns for the server's routes: `/api` and all below it always, and what else the server answers.
 *
 * @param isPageOfClient says whether the client has pages of its own below a folder such as `/admin/`
 */
export function decidePaths(
  { routes, webSockets, unplaced }: Pick<ServerReading, 'routes' | 'webSockets' | 'unplaced'>,
  outDir: string,
  isPageOfClient: (folder: string, routes: readonly Route[]) => boolean,
): ServerPaths {
  const warnings: Warning[] = [];
  const patterns = new Set(['/api', '/api/*', ...webSocketPatterns(webSockets, warnings)]);
  const groups = new Map<string, Route[]>();
  for (const route of routes.filter((each) => isOfServer(each, routes, outDir))) {
    const first = segmentsOf(route.path)[0]!;
    if (!/^[A-Za-z0-9_\-.~]+$/.test(first)) warnings.push(parameterFirst(route));
    else if (first !== 'api') groups.set(first, [...(groups.get(first) ?? []), route]);
  }
  for (const [first, group] of groups)
    for (const pattern of patternsOf(first, group, isPageOfClient(`/${first}/`, routes)))
      patterns.add(pattern);
  warnings.push(...unplacedRoutes(unplaced));
  const paths = [...patterns].sort();
  if (paths.length > mostPatterns)
    warnings.push({
      rule: 'many-server-paths',
      severity: 'danger',
      place: 'framework53.config.ts',
      what: `the server answers ${paths.length} path patterns outside the client`,
      why: `CloudFront allows 75 cache behaviors a distribution, of which the server may have ${mostPatterns}`,
      fix: ['name fewer, wider patterns in application.server.paths'],
    });
  const renders = routes.find(
    ({ method, path, page }) =>
      page === 'rendered' &&
      (method === 'get' || method === 'use' || method === 'all') &&
      (everything.test(path) || path === '/'),
  );
  // Such a server is asked for every page, so nothing has to be told from the client's paths.
  if (renders) return { paths: ['/*'], renders: renders.place, warnings: [] };
  return { paths, warnings };
}

/** True if CloudFront has to send requests for a route to the server. */
function isOfServer(route: Route, routes: readonly Route[], outDir: string): boolean {
  const { path, method, serves } = route;
  const [first] = segmentsOf(path);
  if (!first || everything.test(path)) return false;
  // The client's own files, which the server may serve where there is no CDN.
  if (
    serves !== undefined &&
    (first === 'assets' || isWithin(serves, outDir) || /^(dist|client)(\/|$)/.test(serves))
  )
    return false;
  // A mount without a handler of its own only prefixes a router, whose routes are here themselves.
  return method !== 'use' || serves !== undefined || !hasRoutesBelow(path, routes);
}

/** Patterns of the routes whose first segment is the same: one for all, unless the client has pages there, too. */
function patternsOf(first: string, group: readonly Route[], isShared: boolean): string[] {
  return group.flatMap(({ path, method, serves }) => {
    const segments = segmentsOf(path);
    const below = method === 'use' || method === 'ws' || segments.length > 1;
    if (!isShared)
      return [
        ...(below ? [`/${first}/*`] : []),
        ...(segments.length === 1 && serves === undefined ? [`/${first}`] : []),
      ];
    const exact = `/${segments.map((segment) => (/^[\w\-.~]+$/.test(segment) ? segment : '*')).join('/')}`;
    return method === 'use' ? [exact, `${exact}/*`] : [exact];
  });
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function hasRoutesBelow(mount: string, routes: readonly Route[]): boolean {
  return routes.some(
    ({ method, path }) => method !== 'use' && (path === mount || path.startsWith(`${mount}/`)),
  );
}

function webSocketPatterns(webSockets: ServerReading['webSockets'], warnings: Warning[]): string[] {
  return webSockets.flatMap(({ library, path, place, ownPort }) => {
    if (ownPort) {
      warnings.push({
        rule: 'web-sockets-on-own-port',
        severity: 'danger',
        place,
        what: 'WebSockets are taken on a port of their own',
        why: 'the load balancer does not reach that port',
        fix: ['hand the HTTP server to it: new WebSocketServer({ server, path: "/ws" })'],
      });
      return [];
    }
    if (path === undefined) {
      warnings.push({
        rule: 'web-sockets-on-every-path',
        severity: 'caution',
        place,
        what: 'WebSockets are taken on every path',
        why: 'only the paths of the server reach it, and / is not among them',
        fix: [
          'name a path, as in new WebSocketServer({ server, path: "/ws" }), or the paths that the client connects to in application.server.webSockets',
        ],
      });
      return [];
    }
    const base = path.replace(/\/(\*)?$/, '');
    if (base.startsWith('/api/')) return [];
    return library === 'ws' && base === path ? [base] : [`${base}/*`];
  });
}

function parameterFirst({ path, place }: Route): Warning {
  return {
    rule: 'route-not-told-apart',
    severity: 'danger',
    place,
    what: `the route ${path} begins with a parameter and cannot be told from the client's own paths`,
    why: 'its requests go to the client',
    fix: ['name its paths in application.server.paths'],
  };
}

function unplacedRoutes(unplaced: ServerReading['unplaced']): Warning[] {
  return unplaced
    .filter(({ kind }) => kind === 'route' || kind === 'router')
    .map(({ place, what }) => ({
      rule: 'route-unplaced',
      severity: 'caution',
      place,
      what,
      why: 'outside /api its requests go to the client',
      fix: ['where it is outside /api, name its paths in application.server.paths'],
    }));
}
