import { readFileSync } from 'node:fs';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { Metrics } from '../cloudwatch/metrics';
import { wildcard } from '../elbv2/load-balancer';
import type { Bucket } from '../s3/bucket';
import type { EdgeFunction } from './edge-function';
import { applyHeaders, type HeadersPolicy } from './response-headers';

/** Which headers, cookies or query strings a policy names. */
interface Selection {
  readonly behavior: string;
  readonly items: readonly string[];
}

/** What of a request goes on to the origin. */
export interface Forwarding {
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly queries: Selection;
}

export interface Behavior {
  /** `*` for the default one. */
  readonly pattern: string;
  readonly origin: Origin;
  readonly methods: readonly string[];
  readonly compress: boolean;
  readonly forwarding: readonly Forwarding[];
  readonly headersPolicy?: HeadersPolicy;
  readonly onRequest?: EdgeFunction;
  readonly onResponse?: EdgeFunction;
}

export type Origin =
  | { readonly kind: 'bucket'; readonly bucket: Bucket }
  /** `port` is of this machine; `host` is its name in the cloud. */
  | { readonly kind: 'server'; readonly port: number; readonly host: string; readonly timeout: number };

export interface EdgeOptions {
  readonly logicalId: string;
  readonly behaviors: readonly Behavior[];
  readonly rootObject: string;
  /** Status of the origin → what viewers get instead. */
  readonly errorPages: ReadonlyMap<number, { readonly status: number; readonly path: string }>;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: IncomingMessage | Buffer;
}

const COMPRESSIBLE =
  /^(text\/(?!event-stream)|application\/(javascript|json|manifest\+json|xml|wasm|.*\+json|.*\+xml)|image\/(svg\+xml|vnd\.microsoft\.icon)|font\/(otf|ttf))/;

/** Name that the distribution has in the cloud. */
export const EDGE_DOMAIN = 'd2rehearsal.cloudfront.net';
export const DISTRIBUTION_ID = 'E2REHEARSAL';
const CLOUDFRONT = 'AWS/CloudFront';

/** A distribution of CloudFront on a port of this machine. */
export class Edge {
  /** Taken from one deployment to the next, so that viewers stay connected. */
  options!: EdgeOptions;
  url = '';
  /** Which page the last viewer got, as it lies in its bucket. */
  page = '';
  private readonly agent = new Agent({ keepAlive: true, timeout: 30_000 });
  private readonly server: Server;

  constructor(metrics: Metrics) {
    metrics.announce(CLOUDFRONT, 'Requests', '4xxErrorRate', '5xxErrorRate');
    // Never silent for that long: a connection that closes as a request sets out would fail it.
    this.server = createServer({ keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
      outgoing.once('finish', () => {
        const { statusCode } = outgoing;
        metrics.put(CLOUDFRONT, 'Requests', DISTRIBUTION_ID, 1);
        for (const kind of [4, 5])
          metrics.put(
            CLOUDFRONT,
            `${kind}xxErrorRate`,
            DISTRIBUTION_ID,
            Math.floor(statusCode / 100) === kind ? 100 : 0,
          );
      });
      incoming.on('error', () => outgoing.destroy());
      this.serve(incoming, outgoing).catch(() => {
        if (!outgoing.headersSent) outgoing.writeHead(502);
        outgoing.end();
      });
    });
  }

  async listen(port: number): Promise<void> {
    if (this.url) return;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`port ${port} is in use; leave --port out for a free one`)
            : error,
        ),
      );
      this.server.listen(port, 'localhost', resolve);
    });
    this.url = `http://localhost:${(this.server.address() as { port: number }).port}`;
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
    if (!behavior.methods.includes(incoming.method!)) return void outgoing.writeHead(403).end();
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

  private match(path: string): Behavior {
    return this.options.behaviors.find(({ pattern }) => wildcard(pattern).test(path))!;
  }

  private ask(
    incoming: IncomingMessage,
    { origin, forwarding }: Behavior,
    uri: string,
    query?: string,
  ): Promise<Answer> {
    if (origin.kind === 'bucket') return Promise.resolve(fromBucket(origin.bucket, uri, incoming.headers));
    const path = uri + forwardedQuery(forwarding, query);
    const headers = forwardedHeaders(forwarding, incoming, origin.host);
    return new Promise((resolve) => {
      const fail = (status: number) => () => resolve({ status, headers: {}, body: Buffer.alloc(0) });
      const { method } = incoming;
      const onward = request(
        { host: '127.0.0.1', port: origin.port, method, path, headers, agent: this.agent },
        (reply) => {
          clearTimeout(limit);
          resolve({ status: reply.statusCode!, headers: { ...reply.headers }, body: reply });
        },
      );
      const limit = setTimeout(() => {
        fail(504)();
        onward.destroy();
      }, origin.timeout * 1000);
      onward.on('error', fail(502)).on('close', () => clearTimeout(limit));
      incoming.pipe(onward);
    });
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
    const length = Number(headers['content-length'] ?? 1000);
    const accepted = String(incoming.headers['accept-encoding'] ?? '');
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
    const squeezed =
      behavior.compress &&
      encoding &&
      answer.status === 200 &&
      length >= 1000 &&
      length <= 10_000_000 &&
      !headers['content-encoding'] &&
      COMPRESSIBLE.test(String(headers['content-type']));
    if (squeezed) {
      delete headers['content-length'];
      if (headers['etag']) headers['etag'] = String(headers['etag']).replace(/^"/, 'W/"');
      Object.assign(headers, {
        'content-encoding': encoding,
        vary: [headers['vary'], 'Accept-Encoding'].filter(Boolean).join(', '),
      });
    }
    outgoing.writeHead(answer.status, headers as IncomingHttpHeaders);
    if (incoming.method === 'HEAD') return void outgoing.end();
    const target = !squeezed
      ? outgoing
      : encoding === 'br'
        ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
        : createGzip();
    if (target !== outgoing) target.pipe(outgoing);
    if (Buffer.isBuffer(answer.body)) target.end(answer.body);
    else answer.body.on('error', () => outgoing.destroy()).pipe(target);
  }
}

function fromBucket(
  { objects, listable }: Bucket,
  uri: string,
  { 'if-none-match': known }: IncomingHttpHeaders,
): Answer {
  const stored = objects.get(decodeURIComponent(uri).slice(1));
  if (!stored) {
    const status = listable ? 404 : 403;
    const body = Buffer.from(
      `<?xml version="1.0"?><Error><Code>${listable ? 'NoSuchKey' : 'AccessDenied'}</Code></Error>`,
    );
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }
  const body = readFileSync(stored.file);
  const etag = `"${body.length.toString(16)}-${stored.file.split('asset.').at(-1)!.slice(0, 12)}"`;
  if (known?.replace('W/', '') === etag)
    return { status: 304, headers: { ...stored.headers, etag }, body: Buffer.alloc(0) };
  return { status: 200, headers: { ...stored.headers, etag, 'content-length': String(body.length) }, body };
}

const selected = ({ behavior, items }: Selection, name: string): boolean =>
  /^all/i.test(behavior) && behavior !== 'allExcept'
    ? true
    : behavior === 'allExcept'
      ? !items.includes(name)
      : behavior === 'none'
        ? false
        : items.includes(name);

function forwardedQuery(forwarding: readonly Forwarding[], query: string | undefined): string {
  const parts = (query?.split('&') ?? []).filter((part) =>
    forwarding.some(({ queries }) => selected(queries, part.split('=')[0]!)),
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** The headers of a request to the origin: what the policies let through, and what CloudFront always says. */
function forwardedHeaders(
  forwarding: readonly Forwarding[],
  incoming: IncomingMessage,
  host: string,
): IncomingHttpHeaders {
  const { host: viewerHost, cookie, connection, 'x-forwarded-for': before, ...given } = incoming.headers;
  const allows = (name: string) => forwarding.some(({ headers }) => selected(headers, name));
  const always = /^(content-|if-|range$|transfer-encoding$|expect$|accept-encoding$)/;
  const headers = Object.fromEntries(
    Object.entries(given).filter(([name]) => always.test(name) || allows(name)),
  );
  const cookies = (cookie?.split(/; */) ?? []).filter((part) =>
    forwarding.some(({ cookies }) => selected(cookies, part.split('=')[0]!)),
  );
  const named = forwarding.flatMap(({ headers: { items } }) => items);
  return {
    'user-agent': 'Amazon CloudFront',
    ...headers,
    host: allows('host') ? viewerHost : host,
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    'x-forwarded-for': [before, incoming.socket.remoteAddress].filter(Boolean).join(', '),
    via: '1.1 rehearsal (CloudFront)',
    ...(named.includes('cloudfront-forwarded-proto') && { 'cloudfront-forwarded-proto': 'https' }),
  };
}
