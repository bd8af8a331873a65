import type { Route } from '../reading/server-reading';

/** Health check path of the load balancer. */
export interface Health {
  readonly path: string;
  readonly from: 'config' | 'code' | 'preload';
  readonly queriesDatabase: boolean;
  readonly place?: string;
}

/** Path that the preload answers if the application has no health route. */
export const preloadHealthPath = '/__health';

const names = [
  'health',
  'healthz',
  'health-check',
  'healthcheck',
  '_health',
  'livez',
  'live',
  'readyz',
  'ping',
  'heartbeat',
];

/**
 * Returns the application's health route; common names have priority. A route behind a login or with a parameter does
 * not count.
 */
export function decideHealth(routes: readonly Route[], stated?: string): Health {
  const found = routes
    .filter(({ method, path }) => ['get', 'all', 'use'].includes(method) && names.includes(last(path)))
    .filter(({ needsLogin, path }) => !needsLogin && !/[:*?+({]/.test(path))
    .sort((a, b) => names.indexOf(last(a.path)) - names.indexOf(last(b.path)));
  const route = stated ? routes.find(({ path }) => path === stated) : found[0];
  const path = stated ?? route?.path;
  if (!path) return { path: preloadHealthPath, from: 'preload', queriesDatabase: false };
  return {
    path,
    from: stated ? 'config' : 'code',
    queriesDatabase: route?.queriesDatabase ?? false,
    ...(route && { place: route.place }),
  };
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
