import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { GUESTBOOK, guestbookPlan } from './plan';
import { Writer } from './writer';

/** The guestbook with a migration more, one that both releases can live with. */
function expanded(folder: string): string {
  const application = join(folder, basename(GUESTBOOK));
  cpSync(GUESTBOOK, application, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist)$/.test(path),
  });
  symlinkSync(join(GUESTBOOK, 'node_modules'), join(application, 'node_modules'));
  const migrations = join(application, 'migrations');
  writeFileSync(join(migrations, '0001_mood.sql'), 'ALTER TABLE "entries" ADD COLUMN "mood" text;');
  const file = join(migrations, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  const [first] = journal.entries;
  journal.entries.push({ ...first, idx: 1, when: first.when + 1, tag: '0001_mood' });
  writeFileSync(file, JSON.stringify(journal));
  return application;
}

test('a release expands the schema under load, and a person takes server and client back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-expand-'));
  const [before, after] = [
    await guestbookPlan('production'),
    await guestbookPlan('production', {}, expanded(folder)),
  ];
  const writer = new Writer();
  try {
    const { verdict, problem, steps, events } = await rehearse({
      assembly: after.plan,
      releaseFrom: before.plan,
      paths: ['/api/entries'],
      afterwards: {
        name: 'rollback',
        module: resolve(__dirname, '..', '..', 'dist', 'lib', 'rehearse-rollback.js'),
        event: { environment: 'production', application: GUESTBOOK },
      },
      whenReady: (url) => writer.start(url),
      beforeEnd: () => writer.stop(),
    });
    expect({ verdict, problem }).toEqual({ verdict: 'passed', problem: undefined });
    for (const name of ['second release: guestbook-production-release', 'rollback']) {
      const step = steps.find((one) => one.name === name);
      expect(step?.requests?.made).toBeGreaterThan(20);
      expect(step?.requests?.failed).toBe(0);
    }
    const pointers = events.filter((event) => event.startsWith('pointer moved'));
    expect(pointers).toHaveLength(3);
    expect(pointers[2]).toBe(pointers[0]);
    expect(events.filter((event) => event.startsWith('users see it'))).toHaveLength(2);
    expect(events.filter((event) => event.startsWith('task started')).length).toBeGreaterThanOrEqual(2);
    expect(writer.acknowledged).toBeGreaterThan(20);
    expect(writer.lost).toEqual([]);
  } finally {
    before.remove();
    after.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}, 200_000);
