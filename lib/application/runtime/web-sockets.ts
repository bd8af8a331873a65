import type http from 'node:http';
import type net from 'node:net';

/** Frame of a WebSocket that closes the connection with the code 1001, "going away" (RFC 6455, 5.5.1 and 7.4.1). */
const GOING_AWAY = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

/** Open WebSockets, with the number of bytes that each connection had sent before its handshake. */
const sockets = new Map<net.Socket, number>();

/** Records a connection that becomes a WebSocket. */
export function trackUpgrade({ headers }: http.IncomingMessage, socket: net.Socket): void {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return;
  sockets.set(socket, socket.bytesWritten);
  socket.once('close', () => sockets.delete(socket));
}

/** Returns the number of open WebSockets. */
export function openWebSockets(): number {
  return sockets.size;
}

/**
 * Sends each client a close frame, with any WebSocket package. The client answers, and the package then ends the
 * connection.
 */
export function closeWebSockets(): void {
  for (const [socket, before] of sockets)
    if (socket.writable && socket.bytesWritten > before) socket.write(GOING_AWAY);
}

/** Ends the connections of clients that did not answer. */
export function destroyWebSockets(): void {
  for (const socket of sockets.keys()) socket.destroy();
}
