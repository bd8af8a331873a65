import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { type Caller, ServiceError } from '../core/aws-api';
import type { Stage } from '../core/stage';
import { type Forwarding, forwardedHeaders, forwardedQuery } from './forwarding';

export type Origin =
  | { readonly kind: 'bucket'; readonly bucket: string }
  /** `timeout` is in seconds. */
  | { readonly kind: 'server'; readonly host: string; readonly port: number; readonly timeout: number };

/** An answer from an origin, or from CloudFront itself. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable | Buffer;
}

interface OriginRequest {
  readonly incoming: IncomingMessage;
  readonly uri: string;
  readonly query?: string;
  readonly forwarding: readonly Forwarding[];
}

const EMPTY = Buffer.alloc(0);

/** The distribution that sends the request. */
interface Named {
  /** Logical id. */
  readonly name: string;
  readonly arn: string;
}

/** Sends a request to an origin. A failed connection becomes a 502 or 504 answer, as with CloudFront. */
export function askOrigin(
  stage: Stage,
  distribution: Named,
  agent: Agent,
  origin: Origin,
  asked: OriginRequest,
): Promise<Answer> {
  if (origin.kind === 'server') return askServer(stage, distribution, agent, origin, asked);
  const caller = { name: distribution.name, principal: 'cloudfront.amazonaws.com', source: distribution.arn };
  return askBucket(stage, caller, origin.bucket, asked);
}

function askServer(
  { network }: Stage,
  distribution: Named,
  agent: Agent,
  { host, port, timeout }: Extract<Origin, { kind: 'server' }>,
  { incoming, uri, query, forwarding }: OriginRequest,
): Promise<Answer> {
  const path = uri + forwardedQuery(forwarding, query);
  const headers = forwardedHeaders(forwarding, incoming, host);
  const local = network.reach({ name: distribution.name }, `${host}:${port}`);
  return new Promise((resolve) => {
    const fail = (status: number) => () => resolve({ status, headers: {}, body: EMPTY });
    if (local === undefined) return fail(504)();
    const { method } = incoming;
    const onward = request({ host: '127.0.0.1', port: local, method, path, headers, agent }, (reply) => {
      clearTimeout(limit);
      resolve({ status: reply.statusCode!, headers: { ...reply.headers }, body: reply });
    });
    const limit = setTimeout(() => {
      fail(504)();
      onward.destroy();
    }, timeout * 1000);
    onward.on('error', fail(502)).on('close', () => clearTimeout(limit));
    incoming.pipe(onward);
  });
}

/** The answer of `s3:GetObject` in a rehearsal. */
interface StoredObject {
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function askBucket(
  { api }: Stage,
  caller: Caller,
  bucket: string,
  { uri, incoming }: OriginRequest,
): Promise<Answer> {
  try {
    const key = { Bucket: bucket, Key: decodeURIComponent(uri).slice(1) };
    const { file, headers } = await api.call<StoredObject>(caller, 's3:GetObject', key);
    return fromFile(file, headers, incoming.headers);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const body = Buffer.from(`<?xml version="1.0"?><Error><Code>${error.type}</Code></Error>`);
    return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
  }
}

function fromFile(
  file: string,
  given: StoredObject['headers'],
  { 'if-none-match': known }: IncomingHttpHeaders,
): Answer {
  const body = readFileSync(file);
  // As with S3, the entity tag does not depend on metadata: the same HTML with another policy has the same tag.
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const headers = { ...given, etag };
  if (known?.replace('W/', '') === etag) return { status: 304, headers, body: EMPTY };
  return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body };
}
