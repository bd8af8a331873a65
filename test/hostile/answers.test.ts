import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseNotification } from '../../constructs/escalation/alarm-notification';
import { handler as acknowledge } from '../../constructs/escalation/escalation-acknowledge.lambda';
import { handler as intake } from '../../constructs/escalation/escalation-intake.lambda';
import { handler as verifyDeployment } from '../../constructs/server/deployment-verification.lambda';
import { type Fetch, parseChecks } from '../../constructs/verification/checks';
import { handler as verifyRelease_ } from '../../constructs/verification/release-verification.lambda';
import { verifyRelease } from '../../constructs/verification/verify-release';

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
  vi.stubEnv('ESCALATION', JSON.stringify({ name: 'shop-test', table: 'incidents', region: 'eu-west-1' }));
  vi.stubEnv('TEST_URL', 'http://127.0.0.1:9');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const html = { 'content-type': 'text/html' };
const LIMITS = { attempts: 1, pauseMs: 0, deadlineMs: 5_000, pageAttempts: 1 };

/** A response with an endless body. */
function endless(): Response {
  const chunk = new Uint8Array(1_000_000).fill(65);
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }), {
    headers: html,
  });
}
const answers: Readonly<Record<string, readonly [() => Response, told: RegExp]>> = {
  'a body without end': [endless, /the body has over 5 MB/],
  'elements in elements': [
    () => new Response(`${'<div>'.repeat(12_000)}<script src="/a.js"></script>`, { headers: html }),
    /another/,
  ],
  'a title that never ends, often': [
    () => new Response('<title'.repeat(100_000), { headers: html }),
    /expected the index\.html of this release/,
  ],
  'a base that is no address': [
    () => new Response('<base href="http://[">', { headers: html }),
    /expected the index\.html/,
  ],
  'an empty answer': [() => new Response('', { headers: html }), /expected the index\.html/],
  bytes: [() => new Response(new Uint8Array([0xff, 0, 0xfe]), { headers: html }), /expected the index\.html/],
};

describe('every response of a release gets a verdict', () => {
  test.each(Object.entries(answers))('%s', async (_, [answer, told]) => {
    const fetch: Fetch = async () => answer();
    const wrong = await verifyRelease(
      'http://x',
      { checks: [], page: true, pageDigest: 'ab' },
      fetch,
      LIMITS,
    );
    expect(wrong.map(({ message }) => message).join('\n')).toMatch(told);
    for (const { message } of wrong) expect(message.length).toBeLessThan(500);
    // The files of any page are looked for.
    const any = await verifyRelease('http://x', { checks: [], page: true }, fetch, LIMITS);
    expect(any.length).toBeGreaterThan(0);
  });
});

test('invalid checks are reported', () => {
  for (const checks of [null, 5, {}, '{}', [null], ['x'], '[null]'])
    expect(() => parseChecks(checks)).toThrow(/^(checks must be a list|a check must be an object)/);
});

test('the lifecycle hook returns a status for any event', async () => {
  const events = [null, {}, { hookDetails: null }, { hookDetails: '{' }, { hookDetails: { checks: [null] } }];
  for (const event of [...events, { hookDetails: '['.repeat(100_000) }, { hookDetails: { checks: '[]' } }])
    expect(await verifyDeployment(event as never)).toEqual({ hookStatus: 'FAILED' });
});

describe('a hostile request to acknowledge changes nothing and gets a page', () => {
  const paths = [
    '/',
    '',
    undefined,
    '/../../etc/passwd',
    `/${'a'.repeat(100_000)}`,
    '/__proto__',
    '/%00',
    '/ä',
  ];
  test.each(paths.map((path) => [path]))('%s', async (rawPath) => {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
      const event = { rawPath, requestContext: { http: { method } }, body: 'name=x', isBase64Encoded: true };
      const answer = await acknowledge(event as unknown as LambdaFunctionURLEvent);
      expect(answer).toMatchObject({ statusCode: method === 'DELETE' ? 405 : 404 });
    }
  });
});

test('an invalid message of the queue is returned to the queue, and the others are processed', async () => {
  const bodies = [
    'null',
    '{',
    '[]',
    '"x"',
    '{"AlarmName":{}}',
    '{"__proto__":{"AlarmName":"x","AlarmArn":"a:b:c:d"}}',
    JSON.stringify({ AlarmName: 'a', AlarmArn: 'arn:aws:cloudwatch:x', NewStateValue: 'ALARM' }),
    JSON.stringify({ AlarmName: 'a', AlarmArn: 'arn', NewStateValue: 'OK', StateChangeTime: 'x' }),
  ];
  const Records = bodies.map((body, index) => ({ messageId: String(index), body }));
  const { batchItemFailures } = await intake({ Records } as never);
  expect(batchItemFailures).toHaveLength(bodies.length);
});

test('an alarm with a hostile description gets the default cause', () => {
  const alarm = {
    AlarmName: '../../x\n\u0000',
    AlarmArn: 'arn:aws:cloudwatch:eu-west-1:1:alarm:x',
    NewStateValue: 'ALARM',
    StateChangeTime: '2026-11-01T00:00:00Z',
    AlarmDescription: 'Incident: ../../other#x\nRunbook: javascript:alert(1)',
    NewStateReason: '['.repeat(100_000),
  };
  expect(parseNotification(JSON.stringify(alarm)).cause).toBe('application');
});

test('a custom resource answers CloudFormation for any properties', async () => {
  const sent: { Status: string; Reason?: string }[] = [];
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body));
    return { ok: true, status: 200 };
  });
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  const event = { RequestType: 'Create', ResponseURL: 'http://x', LogicalResourceId: 'x' };
  for (const ResourceProperties of [undefined, null, {}, { Checks: '{' }, { Checks: [null], Url: 5 }])
    await verifyRelease_({ ...event, ResourceProperties } as never, context);
  expect(sent.map(({ Status }) => Status)).toEqual(Array(5).fill('FAILED'));
  for (const { Reason } of sent) expect(Reason).toBeTruthy();
});
