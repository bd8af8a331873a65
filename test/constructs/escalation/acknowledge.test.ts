import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/escalation/escalation-acknowledge.lambda';
import { Incidents } from '../../../constructs/escalation/incidents';
import { serveAcknowledge } from './acknowledge-server';
import { NAME } from './escalation-stack';
import { START, World } from './world';

// The world has a `fetch` of its own.
const { fetch } = globalThis;
const SECRET = 'AbCdEfGhIjKlMnOpQrStUv';
const OTHER = 'vUtSrQpOnMlKjIhGfEdCbA';
const ALARM = `${NAME}-page-server-fails`;

let world: World;
let site: Awaited<ReturnType<typeof serveAcknowledge>>;
let incident: string;

beforeEach(async () => {
  world = new World({ StartAt: '', States: {} });
  await world.fire(ALARM);
  incident = world.executions[0]!;
  await invite(SECRET, 'Ada');
  await invite(OTHER, 'Grace');
  site = await serveAcknowledge();
});
afterEach(async () => {
  await site.stop();
  world.stop();
});

const hashed = (secret: string) => createHash('sha256').update(secret).digest('hex');

async function invite(secret: string, name: string): Promise<void> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  await new Incidents(new DynamoDBClient({}), 'incidents').invite(hashed(secret), {
    cause: 'application',
    incident,
    name,
    expires: START.getTime() / 1000 + 3600,
  });
}

const get = (path: string, method = 'GET') => fetch(`${site.url}${path}`, { method });
const post = (path: string, name?: string) =>
  fetch(`${site.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(name === undefined ? {} : { name }),
  });
const by = () => world.item?.['acknowledgedBy']?.S;
const heading = async (response: Response) => /<h1>(.*?)<\/h1>/.exec(await response.text())?.[1];

describe('the acknowledge page', () => {
  test("asks for the person's name, and a GET changes nothing", async () => {
    const before = JSON.stringify([...world.table.items]);
    const response = await get(`/${SECRET}`);
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('<h1>People get errors.</h1>');
    expect(html).toContain('value="Ada"');
    expect(html).toContain('<button>Acknowledge</button>');
    const head = await get(`/${SECRET}`, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(JSON.stringify([...world.table.items])).toBe(before);
  });

  test('lets one person acknowledge the incident, once', async () => {
    const first = await post(`/${SECRET}`, 'Ada');
    expect([first.status, await heading(first)]).toEqual([200, 'You have taken over this incident']);
    expect(by()).toBe('Ada');
    const again = await post(`/${SECRET}`, 'Ada');
    expect([again.status, await heading(again)]).toEqual([409, 'Ada has taken over this incident']);
    const other = await post(`/${OTHER}`, 'Grace');
    expect([other.status, await heading(other)]).toEqual([409, 'Ada has taken over this incident']);
    expect(by()).toBe('Ada');
  });

  test('accepts one person if two submit at once', async () => {
    const answers = await Promise.all([post(`/${SECRET}`, 'Ada'), post(`/${OTHER}`, 'Grace')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('escapes the given name', async () => {
    const response = await post(`/${SECRET}`, '  <b>Grace</b>\n Hopper ');
    expect(by()).toBe('<b>Grace</b> Hopper');
    expect(await response.text()).toContain(
      '&#60;b&#62;Grace&#60;/b&#62; Hopper, you acknowledged the incident',
    );
  });

  test.each([undefined, '', '   ', 'x'.repeat(61), 'x'.repeat(5_000)])(
    'fails without a name: %s',
    async (name) => {
      const response = await post(`/${SECRET}`, name);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('role="alert"');
      expect(by()).toBeUndefined();
    },
  );

  test('says that a link has expired, whatever the state of the incident', async () => {
    vi.setSystemTime(START.getTime() + 3_600_000);
    const response = await post(`/${SECRET}`, 'Ada');
    expect([response.status, await heading(response)]).toEqual([410, 'This link has expired']);
    expect(by()).toBeUndefined();
  });

  test('says that a link was used, if the incident has paged again since', async () => {
    await post(`/${SECRET}`, 'Ada');
    delete world.item!['acknowledgedBy'];
    delete world.item!['acknowledgedAt'];
    const used = await post(`/${SECRET}`, 'Ada');
    expect([used.status, await heading(used)]).toEqual([410, 'This link has already been used']);
    expect((await post(`/${OTHER}`, 'Grace')).status).toBe(200);
  });

  test('says that the incident is over', async () => {
    world.item!['status'] = { S: 'closed' };
    const response = await post(`/${SECRET}`, 'Ada');
    expect([response.status, await heading(response)]).toEqual([410, 'This incident is over']);
    expect(by()).toBeUndefined();
  });

  test('refuses a link of an earlier incident', async () => {
    world.item!['incident'] = { S: 'a later one' };
    expect((await post(`/${SECRET}`, 'Ada')).status).toBe(410);
    expect(by()).toBeUndefined();
  });

  test.each(['/', '/favicon.ico', `/${SECRET}x`, `/${SECRET}/more`, `/${hashed(SECRET).slice(0, 22)}`])(
    'answers 404 for %s',
    async (path) => {
      const response = await post(path, 'Ada');
      expect([response.status, await heading(response)]).toEqual([404, 'This link is not valid']);
    },
  );

  test('refuses other methods', async () => {
    const response = await get(`/${SECRET}`, 'DELETE');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  test('forbids caching, framing and scripts in every answer', async () => {
    for (const response of [await get(`/${SECRET}`), await get('/'), await post(`/${SECRET}`, 'Ada')]) {
      const headers = Object.fromEntries(response.headers);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
      });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(await response.text()).not.toMatch(/<script|\son\w+=/);
    }
  });

  test('reports an error if the acknowledgement failed', async () => {
    world.table.get = () => {
      throw new Error('the table is away');
    };
    const response = await post(`/${SECRET}`, 'Ada');
    expect([response.status, await heading(response)]).toEqual([503, 'The incident was not acknowledged']);
  });

  test('stores no secret in the table', () => {
    const kept = JSON.stringify([...world.table.items]);
    expect(kept).toContain(hashed(SECRET));
    expect(kept).not.toContain(SECRET);
  });
});

describe('an invocation without a link', () => {
  test('lets a permitted caller acknowledge the incident', async () => {
    expect(await handler({ cause: 'application', incident, by: 'Ada' })).toBe(
      `Ada has taken over ${incident}.`,
    );
    expect(await handler({ cause: 'application', by: 'Grace' })).toBe(
      'Ada has already taken over the incident.',
    );
  });

  test('answers the caller with the state of the incident', async () => {
    expect(await handler({ cause: 'database', by: 'Ada' })).toMatch(/^Nothing to acknowledge/);
    expect(await handler({ cause: 'application', incident: 'another', by: 'Ada' })).toMatch(/^Nothing/);
    await expect(handler({ cause: 'application', by: ' ' })).rejects.toThrow("'by' must be your name");
  });
});
