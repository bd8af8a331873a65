import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../support/command-line';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncall-'));
  for (const part of ['client', 'server']) mkdirSync(join(folder, part));
  writeFileSync(
    join(folder, 'framework53.config.ts'),
    `const contacts = [
      { name: 'Ada', email: 'ada@example.com', phone: '+4915112345678' },
      { name: 'Ben', email: 'ben@example.com' },
      { name: 'Operations', email: 'operations@example.com' },
    ];
    const rotation = {
      members: ['Ada', 'Ben'],
      handover: { weekday: 'sunday', time: '09:00', timeZone: 'Europe/Berlin' },
      start: '2026-03-15',
      overrides: [{ contact: 'Ben', from: '2026-03-20T18:00:00+01:00', to: '2026-03-21T18:00:00+01:00' }],
    };
    const tiers = [
      { targets: [{ kind: 'on-call' }, { kind: 'webhook' }], times: 3, everyMinutes: 5 },
      { targets: [{ kind: 'contact', contact: 'Operations' }], times: 1, everyMinutes: 15 },
    ];
    const paging = { webhook: 'https://hooks.example.com/pages', fallbackEmail: 'fallback@example.com' };
    export default {
      production: { escalation: { contacts, rotation, tiers, ...paging } },
      staging: { escalation: { contacts, rotation, tiers: [tiers[1]], ...paging } },
      test: { escalation: { contacts, rotation: { ...rotation, members: ['Ada'], overrides: [] } } },
    };`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const oncall = (...args: string[]) => commandLine('oncall', '--app', folder, ...args);

test('shows the person on call, the escalation and the next shifts in the time zone of the rotation', async () => {
  const { code, out, err } = await oncall('--env', 'production', '--at', '2026-03-16T12:00');
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(`production: Ada <ada@example.com, +4915112345678> is on call until Fri 2026-03-20 18:00
  (Europe/Berlin), then Ben

A page notifies
  at once       the person on call, Ada <ada@example.com, +4915112345678>; webhook
                hooks.example.com; 3 times, every 5 min
  after 15 min  Operations <operations@example.com>
  after 30 min  fallback@example.com, if nobody acknowledged; all tiers again 30 min later

On call (Europe/Berlin)
  Sun 2026-03-15 09:00  Ada
  Fri 2026-03-20 18:00  Ben (override)
  Sat 2026-03-21 18:00  Ada
  Sun 2026-03-22 09:00  Ben
  Sun 2026-03-29 09:00  Ada
  Sun 2026-04-05 09:00  Ben
`);
});

test('a shift ends if another person starts, not if another shift of the same person starts', async () => {
  const { out } = await oncall('--env', 'production', '--at', '2026-03-22T12:00', '--weeks', '1');
  expect(out).toMatch(/^production: Ben <ben@example.com> is on call until Sun 2026-03-29 09:00/);
});

test('a moment may be a day, have a time, or an offset', async () => {
  const at = async (moment: string) =>
    JSON.parse((await oncall('--env', 'production', '--at', moment, '--json')).out).at as string;
  expect(await at('2026-03-30')).toBe('2026-03-29T22:00:00.000Z');
  expect(await at('2026-03-28 12:00')).toBe('2026-03-28T11:00:00.000Z');
  expect(await at('2026-03-30T12:00:30')).toBe('2026-03-30T10:00:30.000Z');
  expect(await at('2026-03-30T12:00-05:00')).toBe('2026-03-30T17:00:00.000Z');
});

test('prints all of it as JSON, in UTC', async () => {
  const { out } = await oncall('--env', 'production', '--at', '2026-03-20T20:00', '--weeks', '1', '--json');
  expect(JSON.parse(out)).toEqual({
    environment: 'production',
    at: '2026-03-20T19:00:00.000Z',
    timeZone: 'Europe/Berlin',
    onCall: {
      contact: 'Ben',
      email: 'ben@example.com',
      from: '2026-03-20T17:00:00.000Z',
      until: '2026-03-21T17:00:00.000Z',
      override: true,
    },
    tiers: [expect.objectContaining({ times: 3 }), expect.objectContaining({ times: 1 })],
    shifts: [
      expect.objectContaining({ contact: 'Ben', override: true }),
      {
        contact: 'Ada',
        from: '2026-03-21T17:00:00.000Z',
        until: '2026-03-22T08:00:00.000Z',
        override: false,
      },
    ],
    notes: [],
  });
});

test('warns about settings that are valid but unlikely to be intended', async () => {
  expect((await oncall('--env', 'staging')).out).toContain('! no tier notifies the person on call\n');
  const { out } = await oncall('--env', 'test');
  expect(out).toMatch(/^test: Ada <.*> is on call\n/);
  expect(out).toContain('! nobody is paged: escalation.tiers is empty');
  expect(out).toContain('! no tier and no rotation includes Ben, Operations\n');
});

test('an environment without a rotation has nobody on call', async () => {
  expect((await oncall()).out).toMatch(/^development: nobody is on call, because there is no rotation\n/);
  expect(JSON.parse((await oncall('--json')).out)).toMatchObject({ environment: 'development', shifts: [] });
});

describe('fails with the usage for', () => {
  test.each(['2026-02-30', '2026-13-01', '2026-03-30T25:00', '2026-03-30T12:00+1', 'tomorrow'])(
    '--at %s',
    async (moment) => {
      const { code, err } = await oncall('--at', moment);
      expect([code, err]).toEqual([64, expect.stringContaining(`got '${moment}'`)]);
    },
  );

  test.each(['0', '105', 'x', '1.5'])('--weeks %s', async (weeks) => {
    const { code, err } = await oncall('--weeks', weeks);
    expect([code, err]).toEqual([64, expect.stringContaining(`from 1 to 104, got '${weeks}'`)]);
  });
});
