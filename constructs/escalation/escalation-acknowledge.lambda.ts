import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { ACKNOWLEDGE_POLICY, type AcknowledgeView, acknowledgePage, LONGEST_NAME } from './acknowledge-html';
import { Incidents } from './incidents';
import { type AcknowledgeSettings, settings } from './settings';

const dynamo = new DynamoDBClient({});

/** Event of a direct invocation by a person. */
export interface Acknowledgement {
  readonly cause: string;
  /** @default - the running incident */
  readonly incident?: string;
  readonly by: string;
}

/** 16 random bytes in base64url. */
const LINK = /^\/([A-Za-z0-9_-]{22})$/;
const LONGEST_BODY = 2_000;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': ACKNOWLEDGE_POLICY,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
};

/**
 * Records that a person takes over an incident, by a link or by invoking this function. A GET request changes nothing,
 * because mail scanners follow every link.
 */
export async function handler(
  event: LambdaFunctionURLEvent | Acknowledgement,
): Promise<LambdaFunctionURLResult | string> {
  if (!('requestContext' in event)) return invoked(event);
  const { name } = settings<AcknowledgeSettings>();
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
    return { statusCode: 405, headers: { ...HEADERS, allow: 'GET, HEAD, POST' }, body: '' };
  let view: AcknowledgeView;
  try {
    view = await answer(event, method === 'POST');
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'error', event: 'escalation.acknowledge', message: String(error) }),
    );
    view = { kind: 'failed' };
  }
  const { status, html } = acknowledgePage(view, name);
  return { statusCode: status, headers: HEADERS, body: method === 'HEAD' ? '' : html };
}

async function answer(event: LambdaFunctionURLEvent, takes: boolean): Promise<AcknowledgeView> {
  const [, secret] = LINK.exec(event.rawPath) ?? [];
  if (!secret) return { kind: 'unknown' };
  const incidents = new Incidents(dynamo, settings<AcknowledgeSettings>().table);
  // The table stores only the hash, so a reader of the table cannot acknowledge.
  const id = createHash('sha256').update(secret).digest('hex');
  const link = await incidents.link(id);
  if (!link) return { kind: 'unknown' };
  const now = new Date();
  if (link.expires * 1000 <= now.getTime()) return { kind: 'expired' };

  const incident = await incidents.read(link.cause);
  if (incident?.incident !== link.incident) return { kind: 'expired' };
  const { meaning } = incident.facts;
  if (incident.status === 'closed') return { kind: 'over', meaning };
  const { acknowledgedBy: by, acknowledgedAt: at } = incident;
  if (by && at) return { kind: 'taken', meaning, by, at };
  if (link.usedAt) return { kind: 'used' };
  const ask = { kind: 'ask', meaning, since: incident.since } as const;
  if (!takes) return { ...ask, name: link.name };

  const given = nameIn(event);
  if (!given)
    return {
      ...ask,
      name: link.name,
      problem: `Enter your name, in at most ${LONGEST_NAME} characters.`,
    };
  if (await incidents.acknowledge(link.cause, link.incident, given, now, id)) {
    report(link.incident);
    return { kind: 'done', meaning, by: given, at: now.toISOString() };
  }
  // Somebody else acknowledged first, or the same person submitted twice.
  return answer(event, false);
}

function nameIn({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): string | undefined {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (text.length > LONGEST_BODY) return undefined;
  return clean(new URLSearchParams(text).get('name') ?? '');
}

/** Returns a name that is safe in messages, or undefined if there is none. */
function clean(name: string): string | undefined {
  const text = name.replace(/[\p{C}\s]+/gu, ' ').trim();
  return text !== '' && text.length <= LONGEST_NAME ? text : undefined;
}

async function invoked({ cause, incident, by }: Acknowledgement): Promise<string> {
  const incidents = new Incidents(dynamo, settings<AcknowledgeSettings>().table);
  const name = clean(String(by ?? ''));
  if (!name) throw new Error(`'by' must be your name, in at most ${LONGEST_NAME} characters`);
  const running = await incidents.read(String(cause));
  if (running?.status !== 'running' || (incident && running.incident !== incident))
    return `Nothing to acknowledge: cause '${cause}' has no running incident.`;
  if (await incidents.acknowledge(cause, running.incident, name, new Date())) {
    report(running.incident);
    return `${name} has taken over ${running.incident}.`;
  }
  const now = await incidents.read(cause);
  return `${now?.acknowledgedBy ?? 'Somebody'} has already taken over the incident.`;
}

function report(incident: string): void {
  console.log(JSON.stringify({ level: 'info', event: 'escalation.acknowledged', incident }));
}
