import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { wildcard } from '../../files/wildcard';
import { ACCOUNT } from '../core/properties';
import type { Stage } from '../core/stage';
import { asksForWebSocket, passUpgrade, refuseUpgrade, type Upgrade } from '../core/upgrade';
import { Collapsing } from './collapsing';
import type { EdgeFunction } from './edge-function';
import { cacheKey, type Forwarding, forwardedHeaders, forwardedQuery } from './forwarding';
import { type Answer, askOrigin, type Origin } from './origins';
import { applyHeaders, type HeadersPolicy } from './response-headers';

export interface Behavior {
  /** `*` for the default behavior. */
  readonly pattern: string;
  readonly origin: Origin;
  readonly methods: readonly string[];
  readonly compress: boolean;
  readonly forwarding: readonly Forwarding[];
  /** The parts of a request in the cache key; absent if the cache policy turns caching off. */
  readonly cacheKey?: Forwarding;
  readonly headersPolicy?: HeadersPolicy;
  readonly onRequest?: EdgeFunction;
  readonly onResponse?: EdgeFunction;
}

export interface DistributionOptions {
  readonly logicalId: string;
  /** The behaviors in CloudFront's order; the default behavior is last. */
  readonly behaviors: readonly Behavior[];
  readonly rootObject: string;
  /** Custom error responses, by the status of the origin's answer. */
  readonly errorPages: ReadonlyMap<number, { readonly status: number; readonly path: string }>;
}

const COMPRESSIBLE =
  /^(text\/(?!event-stream)|application\/(javascript|json|manifest\+json|xml|wasm|.*\+json|.*\+xml)|image\/(svg\+xml|vnd\.microsoft\.icon)|font\/(otf|ttf))/;

/** Domain name of the distribution in the plan. */
export const DISTRIBUTION_DOMAIN = 'd2rehearsal.cloudfront.net';
export const DISTRIBUTION_ID = 'E2REHEARSAL';
const DISTRIBUTION_ARN = `arn:aws:cloudfront::${ACCOUNT}:distribution/${DISTRIBUTION_ID}`;
const CLOUDFRONT = 'AWS/CloudFront';

/** A distribution of CloudFront, on a port of this machine. */
export class Distribution {
  /** The present options. A deployment replaces them while viewers stay connected. */
  options!: DistributionOptions;
  /** Address on this machine, without a trailing slash. */
  url = '';
  /** Key of the last page that a viewer received, in its bucket. */
  page = '';
  /** Simultaneous requests for the same object. */
  readonly collapsing = new Collapsing();
  private readonly agent = new Agent({ keepAlive: true, timeout: 30_000 });
  private readonly server: Server;

  constructor(private readonly stage: Stage) {
    const { metrics } = stage;
    metrics.announce(CLOUDFRONT, 'Requests', '4xxErrorRate', '5xxErrorRate');
    // Longer than the clients' keep-alive, so that no connection closes while a client sends on it.
    this.server = createServer({ keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
      outgoing.once('finish', () => this.count(outgoing.statusCode));
      incoming.on('error', () => outgoing.destroy());
      this.serve(incoming, outgoing).catch(() => {
        if (!outgoing.headersSent) outgoing.writeHead(502);
        outgoing.end();
      });
    });
    this.server.on('upgrade', (incoming, socket, head) => void this.upgrade({ incoming, socket, head }));
  }

  /** @param port 0 for a free one */
  async listen(port: number): Promise<void> {
    if (this.url) return;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`port ${port} is in use; omit --port to use a free one`)
            : error,
        ),
      );
      this.server.listen(port, 'localhost', resolve);
    });
    this.url = `http://localhost:${(this.server.address() as { port: number }).port}`;
    this.stage.network.serveSite(`https://${DISTRIBUTION_DOMAIN}/`, `${this.url}/`);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { errorPages } = this.options;
    const [path = '/', query] = incoming.url!.split('?') as [string, string?];
    const behavior = this.match(path);
    if (!behavior.methods.includes(incoming.method!) || isGetWithBody(incoming)) {
      incoming.resume();
      return void outgoing.writeHead(403).end();
    }
    let uri = path === '/' && this.options.rootObject ? `/${this.options.rootObject}` : path;
    if (behavior.onRequest) {
      const result = await behavior.onRequest.request({
        method: incoming.method!,
        uri,
        query,
        headers: incoming.headers,
      });
      if ('status' in result)
        return this.send(incoming, outgoing, behavior, { ...result, body: Buffer.alloc(0) });
      uri = result.uri;
    }
    if (behavior.origin.kind === 'bucket' && uri.endsWith('.html')) this.page = uri;
    const answer = await this.ask(incoming, behavior, uri, query);
    const page = errorPages.get(answer.status);
    if (page) {
      if (!Buffer.isBuffer(answer.body)) answer.body.resume();
      const other = this.match(page.path);
      const found = await this.ask(incoming, other, page.path);
      return this.send(incoming, outgoing, other, { ...found, status: page.status });
    }
    if (behavior.onResponse && answer.status < 400)
      answer.headers = behavior.onResponse.response(answer.status, answer.headers);
    return this.send(incoming, outgoing, behavior, answer);
  }

  /** Counts a request and its status. */
  private count(status: number): void {
    const { metrics } = this.stage;
    metrics.put(CLOUDFRONT, 'Requests', DISTRIBUTION_ID, 1);
    for (const kind of [4, 5]) {
      const rate = Math.floor(status / 100) === kind ? 100 : 0;
      metrics.put(CLOUDFRONT, `${kind}xxErrorRate`, DISTRIBUTION_ID, rate);
    }
  }

  /** Forwards a WebSocket to a server. Refuses other origins and other upgrades. */
  private async upgrade(upgrade: Upgrade): Promise<void> {
    const { incoming, socket } = upgrade;
    const [path = '/', query] = incoming.url!.split('?') as [string, string?];
    const { origin, forwarding } = this.match(path);
    const refuse = (status: number): void => {
      this.count(status);
      refuseUpgrade(socket, status);
    };
    if (origin.kind !== 'server' || !asksForWebSocket(incoming)) return refuse(403);
    const { host, port } = origin;
    const local = this.stage.network.reach({ name: this.options.logicalId }, `${host}:${port}`);
    if (local === undefined) return refuse(504);
    const status = await passUpgrade(upgrade, {
      port: local,
      path: path + forwardedQuery(forwarding, query),
      headers: forwardedHeaders(forwarding, incoming, host),
    });
    if (status === undefined) return refuse(502);
    this.count(status);
    if (status === 101) this.stage.announce('WebSocket opened', path);
  }

  private match(path: string): Behavior {
    return this.options.behaviors.find(({ pattern }) => wildcard(pattern).test(path))!;
  }

  private ask(
    incoming: IncomingMessage,
    { origin, forwarding, cacheKey: policy }: Behavior,
    uri: string,
    query?: string,
  ): Promise<Answer> {
    const asked = { incoming, uri, query, forwarding };
    const key = origin.kind === 'server' ? cacheKey(policy, incoming, uri, query) : undefined;
    return this.collapsing.ask(key, uri, () =>
      askOrigin(
        this.stage,
        { name: this.options.logicalId, arn: DISTRIBUTION_ARN },
        this.agent,
        origin,
        asked,
      ),
    );
  }

  private send(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    behavior: Behavior,
    answer: Answer,
  ): void {
    const { connection, 'keep-alive': _, 'transfer-encoding': __, ...headers } = answer.headers;
    applyHeaders(headers, incoming.headers, behavior.headersPolicy);
    headers['via'] = '1.1 rehearsal (CloudFront)';
    const encoding = behavior.compress ? encodingOf(incoming, answer.status, headers) : undefined;
    if (encoding) {
      delete headers['content-length'];
      if (headers['etag']) headers['etag'] = String(headers['etag']).replace(/^"/, 'W/"');
      Object.assign(headers, {
        'content-encoding': encoding,
        vary: [headers['vary'], 'Accept-Encoding'].filter(Boolean).join(', '),
      });
    }
    outgoing.writeHead(answer.status, headers as IncomingHttpHeaders);
    if (incoming.method === 'HEAD') return void outgoing.end();
    const target = !encoding
      ? outgoing
      : encoding === 'br'
        ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
        : createGzip();
    if (target !== outgoing) target.pipe(outgoing);
    if (Buffer.isBuffer(answer.body)) target.end(answer.body);
    else answer.body.on('error', () => outgoing.destroy()).pipe(target);
  }
}

/** Returns true for a GET request with a body, which CloudFront refuses. */
function isGetWithBody({ method, headers }: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  return method === 'GET' && (Number(length ?? 0) > 0 || coding !== undefined);
}

/** Returns the content encoding for an answer, or undefined if CloudFront does not compress it. */
function encodingOf(
  incoming: IncomingMessage,
  status: number,
  headers: Answer['headers'],
): 'br' | 'gzip' | undefined {
  const accepted = String(incoming.headers['accept-encoding'] ?? '');
  const length = Number(headers['content-length'] ?? 1000);
  const compressible =
    status === 200 &&
    length >= 1000 &&
    length <= 10_000_000 &&
    !headers['content-encoding'] &&
    COMPRESSIBLE.test(String(headers['content-type']));
  if (!compressible) return undefined;
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}
