import type { WebSockets } from '../reading/server-reading';

/** The servers of WebSockets that reading found, and those at stated paths. */
export function decideWebSockets(
  found: readonly WebSockets[],
  stated: readonly string[] = [],
): readonly WebSockets[] {
  return [
    ...found,
    ...stated.map((path) => ({ library: 'ws' as const, place: 'framework53.config.ts', path })),
  ];
}

/**
 * Addresses at which a client opens a WebSocket, as far as their paths are known.
 *
 * @param paths CloudFront path patterns of the server
 */
export function webSocketAddresses(webSockets: readonly WebSockets[], paths: readonly string[]): string[] {
  const addresses = webSockets.flatMap(({ library, path: stated, ownPort }) => {
    const path = stated ?? (paths.includes('/*') ? '/' : undefined);
    if (path === undefined || ownPort || path.includes('*')) return [];
    const base = path.replace(/\/$/, '');
    if (library === 'socket.io' || /\/socket\.io$/.test(base)) return [`${base}/?EIO=4&transport=websocket`];
    return [library === 'sockjs' ? `${base}/websocket` : path];
  });
  return [...new Set(addresses)].sort();
}
