import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { removeFolders, temporaryFolder } from './assembly-folder';

afterAll(removeFolders);

test('npm run demo:review shows a harmless and a dangerous change', { timeout: 300_000 }, async () => {
  const script = join(__dirname, '../../scripts/demo-review.mjs');
  const env = { ...process.env, XDG_CACHE_HOME: temporaryFolder() };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env, maxBuffer: 1e7 });
  const [, harmless, dangerous] = stdout.split('━━━');
  expect(harmless).toMatch(/^ harmless: [\s\S]*\nCLEAN /);
  expect(dangerous).toMatch(/^ dangerous: [\s\S]*\nDANGER /);
  expect(dangerous).toMatch(/^ {2}renamed {2}guestbook-production-data\/Database\/Cluster/m);
  const pages = stdout.match(/(?<=^As a page: ).*$/gm) ?? [];
  expect(pages.map((page) => existsSync(page))).toEqual([true, true]);
});
