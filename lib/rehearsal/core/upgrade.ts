import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';

/** A WebSocket upgrade request, with the arguments of Node.js's `upgrade` event. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  /** First bytes of the upgraded connection. */
  readonly head: Buffer;
}

/** The server that an upgrade is forwarded to. */
export interface NextServer {
  /** Port of this machine. */
  readonly port: number;
  readonly path: string;
  /** Headers of the request to that server. */
  readonly headers: IncomingHttpHeaders;
}

/** Returns true if a request asks for a WebSocket. Load balancers and CloudFront forward no other upgrade. */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Forwards an upgrade to the next server, and connects both sockets if that server accepts. Other answers go to the
 * viewer unchanged.
 * @returns the status of the answer, or undefined without an answer
 */
export function passUpgrade(
  { incoming, socket, head }: Upgrade,
  { port, path, headers }: NextServer,
): Promise<number | undefined> {
  const { upgrade } = incoming.headers;
  const onward = request({
    host: '127.0.0.1',
    port,
    path,
    headers: { ...headers, connection: 'Upgrade', upgrade },
    agent: false,
  });
  socket.on('error', () => onward.destroy());
  return new Promise((resolve) => {
    onward.once('upgrade', (reply, server, first) => {
      socket.write(headOf(reply));
      socket.write(first);
      server.write(head);
      server.pipe(socket).pipe(server);
      for (const [one, other] of [
        [server, socket],
        [socket, server],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      resolve(reply.statusCode!);
    });
    onward.once('response', (reply) => {
      socket.write(headOf(reply, true));
      reply.pipe(socket);
      resolve(reply.statusCode!);
    });
    onward.once('error', () => resolve(undefined));
    onward.end();
  });
}

/** Answers an upgrade request without a body, and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

/** Returns the status line and headers of an answer. */
function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage, closes = false): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]!, rawHeaders[index + 1]!];
    if (!closes || !/^(connection|keep-alive|transfer-encoding)$/i.test(name))
      lines.push(`${name}: ${value}`);
  }
  if (closes) lines.push('connection: close');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
