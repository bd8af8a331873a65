import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { signature } from '../../../constructs/escalation/webhook';
import { withSection } from '../../../scripts/docs/marked-section';
import { examplePage } from '../../../scripts/docs/on-call';
import { alarmDocuments } from '../../../scripts/docs/runbook';
import { anchorOf, RUNBOOKS } from '../../../scripts/docs/runbook-steps';
import { commandLine } from '../../support/command-line';

const read = (name: string) => readFileSync(join(__dirname, '../../../docs', name), 'utf8');
const made = alarmDocuments();
const onCall = read('on-call.md');

describe('docs/runbook.md', () => {
  const written = read('runbook.md');

  test('is current; `npm run docs` writes it', () => {
    expect(written).toBe(made.runbook);
  });

  test('has a section for every alarm, and no section without a step', () => {
    const [, index] = /\| severity \| alarms \|\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(written)!;
    const wanted = [...index!.matchAll(/\]\((#[^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(wanted.length).toBeGreaterThan(25);
    const there = RUNBOOKS.map(({ title }) => anchorOf(title));
    expect(wanted.filter((anchor) => !there.includes(anchor))).toEqual([]);
    expect(RUNBOOKS.filter(({ steps }) => steps.length === 0)).toEqual([]);
  });
});

describe('docs/on-call.md', () => {
  test('shows a current example of a page; `npm run docs` writes it', () => {
    expect(onCall).toBe(withSection(onCall, 'page', examplePage(made.paging)));
  });

  test('has valid settings, and the current output of the command', async () => {
    const [, settings] = /```ts\n(export default[\s\S]*?)```/.exec(onCall)!;
    const [, args, printed] = /```\n\$ npx framework53 (oncall .*)\n([\s\S]*?)```/.exec(onCall)!;
    const folder = mkdtempSync(join(tmpdir(), 'on-call-'));
    try {
      for (const part of ['client', 'server']) mkdirSync(join(folder, part));
      writeFileSync(join(folder, 'framework53.config.ts'), settings!);
      expect(await commandLine(...args!.split(' '), '--app', folder)).toEqual({
        code: 0,
        out: printed,
        err: '',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('has code that verifies genuine webhook requests only', () => {
    const [, source] = /<!-- verify: tested -->\n```ts\n([\s\S]*?)```/.exec(onCall)!;
    const module = { exports: {} as { isOurs: (secret: string, headers: object, body: string) => boolean } };
    const { code } = transformSync(source!, { loader: 'ts', format: 'cjs' });
    new Function('require', 'module', code)(require, module);
    const { isOurs } = module.exports;
    const now = String(Math.floor(Date.now() / 1000));
    const headers = (timestamp: string, by = 'secret') => ({
      'x-framework53-timestamp': timestamp,
      'x-framework53-signature': signature(by, timestamp, '{"kind":"page"}'),
    });
    expect(isOurs('secret', headers(now), '{"kind":"page"}')).toBe(true);
    expect(isOurs('secret', headers(now), '{"kind":"over"}')).toBe(false);
    expect(isOurs('secret', headers(now, 'another'), '{"kind":"page"}')).toBe(false);
    expect(isOurs('secret', headers(String(Number(now) - 3600)), '{"kind":"page"}')).toBe(false);
    expect(isOurs('secret', {}, '{"kind":"page"}')).toBe(false);
  });
});
