import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  /** Milliseconds until it comes. */
  readonly afterMs?: number;
}

/** A local web server with replaceable responses. It answers 404 for unknown paths. */
export async function startWebServer(pages: Record<string, WebAnswer | (() => WebAnswer)>) {
  const seen: { path: string; userAgent: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const page = pages[request.url!];
    const {
      status = 200,
      type = 'text/html',
      body = '',
      afterMs = 0,
    } = (typeof page === 'function' ? page() : page) ?? {
      status: 404,
      body: 'not found',
    };
    seen.push({ path: request.url!, userAgent: request.headers['user-agent'] });
    setTimeout(() => response.writeHead(status, { 'content-type': type }).end(body), afterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    seen,
    paths: () => seen.map(({ path }) => path),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type WebServer = Awaited<ReturnType<typeof startWebServer>>;
