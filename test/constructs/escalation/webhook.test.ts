import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  callWebhook,
  SIGNATURE_HEADER,
  signature,
  TIMESTAMP_HEADER,
} from '../../../constructs/escalation/webhook';

const URL = 'https://hooks.example.com/pages?token=secret-in-the-address';
const now = () => new Date('2026-11-24T03:00:00Z');
const pause = async () => {};

function receiver(...answers: (number | Error)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return new Response(null, { status: answer });
  }) as typeof globalThis.fetch;
  return { asked, fetch };
}

describe('the webhook', () => {
  test('gets one signed request, and redirects are not followed', async () => {
    const { asked, fetch } = receiver(204);
    await callWebhook(URL, 'key', { kind: 'page' }, { fetch, now, pause });
    const [{ url, init }] = asked as [(typeof asked)[0]];
    expect(asked).toHaveLength(1);
    expect(url).toBe(URL);
    expect(init).toMatchObject({ method: 'POST', redirect: 'error', body: '{"kind":"page"}' });
    expect(init.signal).toBeInstanceOf(AbortSignal);
    const headers = init.headers as Record<string, string>;
    expect(headers[TIMESTAMP_HEADER]).toBe('1795489200');
    expect(headers[SIGNATURE_HEADER]).toBe(
      `v1=${createHmac('sha256', 'key').update('1795489200.{"kind":"page"}').digest('hex')}`,
    );
  });

  test('gets a signature that another time or body invalidates', () => {
    const all = [
      ['key', '1', 'a'],
      ['key', '2', 'a'],
      ['key', '1', 'b'],
      ['yek', '1', 'a'],
    ] as const;
    expect(new Set(all.map(([key, moment, body]) => signature(key, moment, body))).size).toBe(all.length);
  });

  test.each([
    ['an error of the server', 500],
    ['too many requests', 429],
    ['a connection that breaks', new Error('reset')],
  ])('is retried after %s', async (_, answer) => {
    const { asked, fetch } = receiver(answer, 200);
    await callWebhook(URL, 'key', {}, { fetch, now, pause });
    expect(asked).toHaveLength(2);
  });

  test('fails after three attempts, without printing its address', async () => {
    const { asked, fetch } = receiver(503);
    const call = callWebhook(URL, 'key', {}, { fetch, now, pause });
    await expect(call).rejects.toThrow('the webhook could not be called: answered 503');
    await expect(call).rejects.not.toThrow('secret-in-the-address');
    expect(asked).toHaveLength(3);
  });

  test.each([400, 401, 404, 302])('fails without a retry on %i', async (status) => {
    const { asked, fetch } = receiver(status);
    await expect(callWebhook(URL, 'key', {}, { fetch, now, pause })).rejects.toThrow(`answered ${status}`);
    expect(asked.length).toBe(status === 302 ? 3 : 1);
  });

  test('fails without TLS', async () => {
    const { asked, fetch } = receiver(200);
    await expect(callWebhook('http://example.com', 'key', {}, { fetch, now, pause })).rejects.toThrow(
      'https',
    );
    expect(asked).toEqual([]);
  });
});
