import { isWithin } from '../../files/inside';
import type { Route, ServerReading } from '../reading/server-reading';
import type { Warning } from '../warning';

/**
 * Most path patterns of the server. CloudFront's quota is 75 cache behaviors for each distribution; the client needs
 * three, and your own additions some.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
const mostPatterns = 65;

const everything = /^\/?(\*|\{?\*\w*\}?|\(\.\*\)|\.\*)/;

/** The path patterns that CloudFront routes to the server. */
export interface ServerPaths {
  readonly paths: readonly string[];
  /** Place of the route that renders a page for every path. */
  readonly renders?: string;
  readonly warnings: readonly Warning[];
}

/**
 * Returns CloudFront path patterns for the server's routes: always `/api` and everything below it, and the other
 * routes of the server.
 * @param isPageOfClient tells if the client has pages below a folder such as `/admin/`
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
      why: `CloudFront allows 75 cache behaviors for each distribution, and the server may use ${mostPatterns} of them`,
      fix: ['set fewer, wider patterns in application.server.paths'],
    });
  const renders = routes.find(
    ({ method, path, page }) =>
      page === 'rendered' &&
      (method === 'get' || method === 'use' || method === 'all') &&
      (everything.test(path) || path === '/'),
  );
  // Such a server gets all page requests, so its paths need not differ from the client's.
  if (renders) return { paths: ['/*'], renders: renders.place, warnings: [] };
  return { paths, warnings };
}

/** Returns true if CloudFront must route requests for a route to the server. */
function isOfServer(route: Route, routes: readonly Route[], outDir: string): boolean {
  const { path, method, serves } = route;
  const [first] = segmentsOf(path);
  if (!first || everything.test(path)) return false;
  // Files of the client, which the server may serve if there is no CDN.
  if (
    serves !== undefined &&
    (first === 'assets' || isWithin(serves, outDir) || /^(dist|client)(\/|$)/.test(serves))
  )
    return false;
  // A mount without a handler only prefixes a router, whose own routes are in the list.
  return method !== 'use' || serves !== undefined || !hasRoutesBelow(path, routes);
}

/**
 * Returns patterns for routes with the same first segment: one for all of them, unless the client also has pages
 * there.
 */
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

function hasRoutesBelow(mount: string, routes: readonly Route[]): boolean {
  return routes.some(({ method, path }) => method !== 'use' && isWithin(path, mount));
}

function webSocketPatterns(webSockets: ServerReading['webSockets'], warnings: Warning[]): string[] {
  return webSockets.flatMap(({ library, path, place, ownPort }) => {
    if (ownPort) {
      warnings.push({
        rule: 'web-sockets-on-own-port',
        severity: 'danger',
        place,
        what: 'the WebSocket server listens on a separate port',
        why: 'the load balancer cannot reach that port',
        fix: ['pass the HTTP server: new WebSocketServer({ server, path: "/ws" })'],
      });
      return [];
    }
    if (path === undefined) {
      warnings.push({
        rule: 'web-sockets-on-every-path',
        severity: 'caution',
        place,
        what: 'the WebSocket server accepts every path',
        why: 'CloudFront routes only the server paths to it, and / is not one of them',
        fix: [
          'set a path, as in new WebSocketServer({ server, path: "/ws" }), or list the paths that the client uses in application.server.webSockets',
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
    what: `the route ${path} begins with a parameter, so it cannot be distinguished from the client's paths`,
    why: 'CloudFront routes its requests to the client',
    fix: ['list its paths in application.server.paths'],
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
      why: 'outside /api, CloudFront routes its requests to the client',
      fix: ['if it is outside /api, list its paths in application.server.paths'],
    }));
}
