import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pagePolicies } from '../../constructs/client/page-policies';
import { filesOf } from '../application/digest';
import type { Release } from '../application/release';
import { wildcard } from '../files/wildcard';
import { passUpgrade } from '../rehearsal/core/upgrade';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves a built client and its server on one port, as CloudFront does. Each page has the Content Security Policy that
 * it gets in production.
 */
export class LocalCloudFront {
  private readonly server: http.Server;
  private readonly policies: ReadonlyMap<string, string>;

  /**
   * @param client folder of the built client
   * @param port port of this machine on which the application's server listens
   */
  constructor(
    private readonly release: Release,
    private readonly client: string,
    private readonly port: number,
  ) {
    const pages = [...filesOf(client)].filter((file) => file.endsWith('.html'));
    const html = Object.fromEntries(pages.map((file) => [file, readFileSync(join(client, file), 'utf8')]));
    const { policies } = pagePolicies(html, { sources: release.client.contentSecurityPolicySources });
    this.policies = new Map(policies.flatMap(({ paths, value }) => paths.map((path) => [path, value])));
    this.server = http.createServer((request, response) => this.serve(request, response));
    this.server.on('upgrade', (incoming, socket, head) => {
      const next = { port, path: incoming.url!, headers: forwarded(incoming) };
      void passUpgrade({ incoming, socket, head }, next);
    });
  }

  /** Returns the paths of the client's pages. */
  get pages(): string[] {
    return [...this.policies.keys()].map((file) => (file === 'index.html' ? '/' : `/${file}`));
  }

  /** Listens on a free port, and returns the address without a trailing slash. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = decodeURI(request.url!.split('?')[0]!);
    const isOfServer = this.release.server.paths.some((pattern) => wildcard(pattern).test(path));
    if (isOfServer && !path.startsWith('/assets/')) this.forward(request, response);
    else this.send(path, response);
  }

  private send(path: string, response: http.ServerResponse): void {
    const named = normalize(path).slice(1);
    const isFile = extname(named) !== '' && existsSync(join(this.client, named));
    if (!isFile && (extname(named) !== '' || path.startsWith('/assets/'))) {
      response.writeHead(404).end();
      return;
    }
    const file = isFile ? named : 'index.html';
    const policy = this.policies.get(file);
    response.writeHead(200, {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
      ...(policy && { 'content-security-policy': policy }),
    });
    response.end(readFileSync(join(this.client, file)));
  }

  private forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url: path } = request;
    const headers = forwarded(request);
    const onward = http.request({ host: '127.0.0.1', port: this.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}

/** Returns a request's headers as the load balancer forwards them. */
function forwarded({ headers }: http.IncomingMessage): http.IncomingHttpHeaders {
  return {
    ...headers,
    'x-forwarded-for': '203.0.113.7, 130.176.1.1',
    'cloudfront-forwarded-proto': 'https',
  };
}
