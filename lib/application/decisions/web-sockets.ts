import type { WebSockets } from '../reading/server-reading';

/** Returns the WebSocket servers in the code, and those at configured paths. */
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
 * Returns the addresses at which a client opens WebSockets, if their paths are known.
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
