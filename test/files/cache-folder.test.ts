import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptFolder } from '../../lib/files/cache-folder';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = (folder: string) => join(folder, 'file');
const write = (content: string) => (folder: string) => writeFileSync(file(folder), content);

test('a folder is created once, even by simultaneous callers', async () => {
  const folder = join(home, 'deep', 'folder');
  let made = 0;
  const make = async (empty: string) => {
    made++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    write('content')(empty);
  };

  expect(await Promise.all([keptFolder(folder, make), keptFolder(folder, make)])).toEqual([folder, folder]);
  await keptFolder(folder, make);

  expect(made).toBe(1);
  expect(readFileSync(file(folder), 'utf8')).toBe('content');
  expect(readdirSync(join(home, 'deep'))).toEqual(['folder']);
});

test('a failed creation leaves nothing, and is retried', async () => {
  const folder = join(home, 'folder');
  const fails = async (empty: string) => {
    write('half')(empty);
    throw new Error('no space');
  };

  await expect(keptFolder(folder, fails)).rejects.toThrow('no space');
  expect(readdirSync(home)).toEqual([]);

  await keptFolder(folder, write('whole'));
  expect(readFileSync(file(folder), 'utf8')).toBe('whole');
});

test('the result of a faster process is used', async () => {
  const folder = join(home, 'folder');
  await keptFolder(folder, (empty) => {
    mkdirSync(folder);
    write('theirs')(folder);
    write('ours')(empty);
  });

  expect(readFileSync(file(folder), 'utf8')).toBe('theirs');
  expect(readdirSync(home)).toEqual(['folder']);
});
