import type { WebSockets } from '../reading/server-reading';

/**
 * Returns the WebSocket servers in the code, and those at configured paths. A server that accepts every path gets the
 * paths that the client uses, unless the configuration names paths.
 */
export function decideWebSockets(
  found: readonly WebSockets[],
  stated: readonly string[] = [],
  pathsOfClient: () => readonly string[] = () => [],
): readonly WebSockets[] {
  if (stated.length > 0)
    return [
      ...found,
      ...stated.map((path) => ({ library: 'ws' as const, place: 'framework53.config.ts', path })),
    ];
  return found.flatMap((server) => {
    const isOpen = server.library === 'ws' && server.path === undefined && !server.ownPort;
    const paths = isOpen ? pathsOfClient() : [];
    return paths.length > 0 ? paths.map((path) => ({ ...server, path })) : [server];
  });
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
