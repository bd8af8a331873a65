import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handler } from '../../../constructs/escalation/escalation-acknowledge.lambda';

/** Serves the acknowledge page as a function URL does, on a port of this machine. */
export async function serveAcknowledge(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const result = await handler({
      rawPath: new URL(request.url!, 'http://localhost').pathname,
      requestContext: { http: { method: request.method! } },
      headers: request.headers,
      // A function URL hands bodies over in base64 unless they are text or JSON.
      body: body === '' ? undefined : Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    } as never);
    if (typeof result === 'string') throw new Error('no answer for the web');
    const {
      statusCode,
      headers,
      body: answer,
    } = result as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    };
    response.writeHead(statusCode, headers);
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
