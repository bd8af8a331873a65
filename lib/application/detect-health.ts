import type { Route } from './detect-routes';

/** Where the load balancer asks whether the server is up. */
export interface Health {
  readonly path: string;
  readonly from: 'config' | 'code' | 'preload';
  readonly queriesDatabase: boolean;
  readonly place?: string;
}

/** Path the preload answers when the application has no health route. */
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

/** The application's health route, the most usual name first; one behind a login does not count. */
export function detectHealth(routes: readonly Route[], configured?: string): Health {
  const found = routes
    .filter(({ method, path }) => ['get', 'all', 'use'].includes(method) && names.includes(last(path)))
    .filter(({ handler }) => !/\b\w*(auth|login|session|admin)\w*\s*(\(\s*\))?\s*,/i.test(handler))
    .sort((a, b) => names.indexOf(last(a.path)) - names.indexOf(last(b.path)));
  const route = configured ? routes.find(({ path }) => path === configured) : found[0];
  const path = configured ?? route?.path;
  if (!path) return { path: preloadHealthPath, from: 'preload', queriesDatabase: false };
  return {
    path,
    from: configured ? 'config' : 'code',
    queriesDatabase: /\b(db|pool|sql|client|storage|prisma|database)\b\s*(\.|`|\()/.test(
      route?.handler ?? '',
    ),
    ...(route && { place: route.place }),
  };
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
