import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request that upgrades its connection to WebSocket, as Node.js hands it to a server. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  /** First bytes of the upgraded connection. */
  readonly head: Buffer;
}

/** The next server on the way of an upgrade. */
export interface NextServer {
  /** Port of this machine. */
  readonly port: number;
  readonly path: string;
  /** Headers of the request to that server. */
  readonly headers: IncomingHttpHeaders;
}

/** True if a request asks for WebSocket. Load balancers and CloudFront pass on no other upgrade. */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Passes an upgrade on to the next server, and connects both sockets when that server agrees. An answer that is not an
 * upgrade reaches the viewer as it is.
 * @returns the status of the answer; nothing when the next server does not answer
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

/** Answers a request to upgrade without a body, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

/** The first lines of an answer, up to its body. */
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
