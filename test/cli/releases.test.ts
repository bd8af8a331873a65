import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReleaseEntry } from '../../constructs/release-record';
import { pageDigest } from '../../constructs/verification';
import { startWebServer, type WebServer } from '../constructs/verification/web-server';
import { mockAccount } from '../releases/aws-account';
import { migrated, release } from '../releases/state';
import { applicationFolder } from '../support/application-folder';
import { commandLine } from '../support/command-line';

const PAGE = '<!doctype html><title>Shop</title><script src="/assets/a.js"></script>';
const { folder, remove } = applicationFolder({
  'framework53.config.ts': `export default { default: { verification: { checks: [{ path: '/api/entries', body: 'entry' }] } } };`,
});
afterAll(remove);
const account = mockAccount();
let web: WebServer;
const ID = { b: 'b'.repeat(16), c: 'c'.repeat(16) };
const ADA = 'arn:aws:iam::123456789012:user/ada';

beforeEach(async () => {
  web = await startWebServer({
    '/': { body: PAGE },
    '/assets/a.js': { type: 'text/javascript' },
    '/api/health': { body: '{"ok":true}' },
    '/api/entries': { body: '[an entry]' },
  });
  account.reset();
  const more = { url: web.url, pageDigest: pageDigest(PAGE) };
  const entries = [
    migrated('b', ['0000_a'], '2026-11-01T09:59:00.000Z'),
    release('b', 7, ['0000_a'], more),
    release('c', 8, ['0000_a'], more),
  ];
  for (const { id: _, at: __, ...entry } of entries) account.record(entry as ReleaseEntry);
  account.pointer = `${ID.c}-01234567`;
  account.deployments = [{ arn: 'deployment-1', statuses: ['SUCCESSFUL'], source: 7, target: 8 }];
  account.outcome = ['SUCCESSFUL'];
});
afterEach(() => web.stop());

const run = (...words: string[]) => commandLine(...words, '--app', folder, '--env', 'production');

describe('status', () => {
  test('shows that release, server, client, schema and stack agree', async () => {
    const { code, out, err } = await run('status');
    expect(code).toBe(0);
    expect(out).toContain(`shop-production, us-east-1, ${web.url}`);
    expect(out).toMatch(/^release {2}c{16}, deployed 2026-11-01 10:00 UTC, \d+ \w+ ago$/m);
    expect(out).toContain('server   shop-production:8, 2 of 2 tasks run');
    expect(out).toContain(`client   ${account.pointer}`);
    expect(out).toContain(`schema   journal, 1 migration, newest 0000_a, release ${ID.b}`);
    expect(out).toContain('restore point 2026-11-01T09:59:00.000Z');
    expect(out).toContain(`stack    shop-production-release is UPDATE_COMPLETE, release ${ID.c}`);
    expect(out).toContain('Drift\n  none\n');
    expect(out).toMatch(/History \(UTC\)\n.* deployed {2}c{16} {2}shop-production:8\n/);
    expect(err).toBe('reading shop-production in us-east-1\n');
  });

  test('shows which target group gets the requests, and if a deployment would change this', async () => {
    account.weights = [100, 0];
    expect((await run('status')).out).toContain(
      'production rule: shop-production-blue 100 %, shop-production-green 0 %, as in the template\n',
    );
    account.weights = [1, 3];
    expect((await run('status')).out).toContain(
      'production rule: shop-production-blue 25 %, shop-production-green 75 %, unlike the template\n',
    );
    expect(JSON.parse((await run('status', '--json')).out).server.weights).toEqual([
      {
        rule: 'production',
        targetGroups: [
          { name: 'shop-production-blue', percent: 25 },
          { name: 'shop-production-green', percent: 75 },
        ],
        asInTemplate: false,
      },
    ]);
    account.weights = 'denied';
    expect((await run('status')).out).toContain(
      'weights unknown: elasticloadbalancing:DescribeRules is denied',
    );
  });

  test('shows drift', async () => {
    account.pointer = `${ID.b}-01234567`;
    expect((await run('status')).out).toContain(`  ! users get the client ${account.pointer} of ${ID.b}`);
  });

  test('shows a deployment under way', async () => {
    account.deployments.push({
      arn: 'd',
      statuses: ['IN_PROGRESS'],
      stage: 'BAKE_TIME',
      source: 8,
      target: 9,
    });
    expect((await run('status')).out).toContain('deployment of shop-production:9 is IN_PROGRESS, BAKE_TIME');
  });

  test('names the author of a rollback', async () => {
    const { id: _, at: __, ...entry } = release('b', 7);
    account.record({ ...entry, kind: 'rollback', left: ID.c }, ADA);
    expect((await run('status')).out).toMatch(
      new RegExp(`^release {2}b{16}, rolled back to [\\s\\S]* by\\s+${ADA}$`, 'm'),
    );
  });

  test('counts the tasks of a deployment that are more than the desired ones', async () => {
    account.running = 4;
    expect((await run('status')).out).toContain('shop-production:8, 4 tasks run, and 2 are desired');
  });

  test('prints the status as JSON', async () => {
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({
      name: 'shop-production',
      pointer: account.pointer,
      server: { running: 2 },
      release: { releaseId: ID.c },
      schema: { count: 1 },
      drift: [],
      history: [{ releaseId: ID.c }, { releaseId: ID.b }, { kind: 'migrations' }],
    });
  });

  test('of an environment without deployment says so', async () => {
    account.reset();
    account.stack = undefined;
    const { code, out } = await run('status');
    expect([code, out]).toEqual([0, expect.stringContaining('there is no stack shop-production-release')]);
  });
});

describe('rollback', () => {
  test('prints the steps and changes nothing with --dry-run', async () => {
    const { code, out } = await run('rollback', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain(`Would roll back from ${ID.c} to ${ID.b}
  1. client: ${ID.c}-01234567 → ${ID.b}-01234567
  2. server: shop-production:8 → shop-production:7
  3. verify ${web.url}
  4. record the rollback
Nothing was done.
`);
    expect(out).toContain(`\`cdk deploy\` of ${ID.c} changes nothing`);
    expect(account.changes).toEqual([]);
  });

  test('rolls back client and server, verifies and records the rollback', async () => {
    const { code, out } = await run('rollback', '--to', 'bbbb');
    expect(out).toContain('✓ GET /assets/a.js: as expected');
    expect(out).toContain(`Done: users have ${ID.b}.`);
    expect(code).toBe(0);
    expect(account.changes).toEqual([`client ${ID.b}-01234567 if E1`, 'server 7', 'configure']);
    expect((await run('status')).out).toContain(`release  ${ID.b}, rolled back to`);
  });

  test('prints plan and result as JSON, and nothing else on standard output', async () => {
    expect(JSON.parse((await run('rollback', '--json')).out)).toMatchObject({
      from: ID.c,
      to: ID.b,
      done: true,
      steps: [{ do: 'move-client' }, { do: 'deploy-server' }, { do: 'verify' }, { do: 'record' }],
      results: expect.arrayContaining([expect.objectContaining({ passed: true })]),
    });
  });

  test('exits with 1 if the verification fails after the rollback', async () => {
    delete web.pages['/assets/a.js'];
    const { code, out } = await run('rollback');
    expect(code).toBe(2);
    expect(out).toContain('✗ GET /assets/a.js: expected status 200, got 404');
    expect(out).toContain('but a check failed');
  });

  test('prints the reason of a refusal, and changes nothing', async () => {
    const { id: _, at: __, ...entry } = migrated('d', ['0000_a', '!0001_drop']);
    account.record(entry);
    const { code, err } = await run('rollback');
    expect(code).toBe(1);
    expect(err).toContain(`framework53: ${ID.b} does not fit the schema: since then migration 0001_drop`);
    expect(account.changes).toEqual([]);
  });
});

describe('verify', () => {
  test('checks page, assets, health and the configured checks', async () => {
    const { code, out } = await run('verify', '--url', web.url);
    expect(code).toBe(0);
    expect(out).toBe(`  ✓ GET /: as expected (status 200, header content-type)
  ✓ GET /assets/a.js: as expected (status 200, header content-type)
  ✓ GET /api/health: as expected (status 200)
  ✓ GET /api/entries: as expected (status 200, body)
4 of 4 checks passed
`);
  });

  test('exits with 1 if a check fails, with the expected and the received value', async () => {
    web.pages['/assets/a.js'] = { body: PAGE };
    const { code, out } = await run('verify', '--url', web.url);
    expect(code).toBe(2);
    expect(out).toMatch(/✗ GET \/assets\/a\.js: expected header content-type [\s\S]* got 'text\/html'/);
    expect(out).toContain('3 of 4 checks passed');
  });

  test('prints the results as JSON', async () => {
    const { out } = await run('verify', '--url', web.url, '--json');
    expect(JSON.parse(out).results).toHaveLength(4);
  });

  test.each([[[]], [['--url', 'shop']], [['--url', 'ftp://shop']]])('fails on %j', async (words) => {
    const { code, err } = await run('verify', ...words);
    expect([code, err]).toEqual([64, expect.stringContaining('--url takes an address such as')]);
  });
});
