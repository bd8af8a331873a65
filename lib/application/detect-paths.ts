import type { Route } from './detect-routes';

const catchAll = /^\/?(\*|\{?\*\w*\}?|\(\.\*\)|\.\*)/;
/** More behaviours than this leave no room below CloudFront's default quota of 25 a distribution. */
const mostPatterns = 18;

/**
 * CloudFront path patterns for the server's routes: `/api/*` always, and what else it answers.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export function detectPaths(
  routes: readonly Route[],
  unmounted: readonly Route[],
  webSocketPaths: readonly string[],
): { paths: string[]; warnings: string[] } {
  const patterns = new Set(['/api/*', ...webSocketPaths]);
  const warnings: string[] = [];
  for (const { path, method, handler, place } of routes) {
    const segments = path.split('/').filter(Boolean);
    const first = segments[0];
    if (!first || catchAll.test(path) || first === 'api') continue;
    if (!/^[A-Za-z0-9_\-.~]+$/.test(first)) {
      warnings.push(
        `${place}: the route ${path} begins with a parameter and cannot be told from the client's own paths; its requests go to the client unless application.server.paths names them`,
      );
      continue;
    }
    const serves = /\bstatic\s*\(/.test(handler);
    // The client's own files, which the server may serve where there is no CDN.
    if (serves && (first === 'assets' || /\b(dist|client|build)\b/i.test(handler))) continue;
    // A mount without a handler of its own only prefixes a router, whose routes are here themselves.
    if (method === 'use' && !serves && hasRoutesBelow(path, routes)) continue;
    if (method === 'use' || segments.length > 1) patterns.add(`/${first}/*`);
    if (segments.length === 1 && !serves) patterns.add(`/${first}`);
  }
  const paths = [...patterns].sort();
  const lost = unmounted.filter(({ path }) => !path.startsWith('/api/'));
  if (lost[0])
    warnings.push(
      `${lost[0].place}: where this router is mounted was not found; if its routes (${lost[0].path}) are outside /api, name them in application.server.paths`,
    );
  if (paths.length > mostPatterns)
    warnings.push(
      `the server answers ${paths.length} path patterns outside the client; CloudFront allows 25 behaviours a distribution, so name fewer, wider ones in application.server.paths`,
    );
  return { paths, warnings };
}

function hasRoutesBelow(mount: string, routes: readonly Route[]): boolean {
  return routes.some(
    ({ method, path }) => method !== 'use' && (path === mount || path.startsWith(`${mount}/`)),
  );
}
