import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installCommand, lockWarnings } from '../../lib/application/package-manager';
import { temporaryFolder } from './support';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes files, the first one as the oldest, with a number of seconds between them. */
function write(files: readonly string[], seconds = 0): void {
  for (const [index, file] of files.entries()) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    utimesSync(path, 1e9 + index * seconds, 1e9 + index * seconds);
  }
}
const state = (manager: string) =>
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ packageManager: manager }));

test.each<[string[], string]>([
  [[], 'npm ci'],
  [['package-lock.json'], 'npm ci'],
  [['yarn.lock'], 'yarn install'],
  [['pnpm-lock.yaml'], 'pnpm install'],
  [['bun.lockb'], 'bun install'],
  [['yarn.lock', 'package-lock.json'], 'npm ci'],
  [['yarn.lock', 'pnpm-lock.yaml'], 'pnpm install'],
  [['yarn.lock', 'package-lock.json', 'node_modules/.yarn-state.yml'], 'yarn install'],
  [['yarn.lock', 'package-lock.json', 'node_modules/.yarn-integrity'], 'yarn install'],
  [['yarn.lock', 'package-lock.json', 'node_modules/.package-lock.json'], 'npm ci'],
  [['pnpm-lock.yaml', 'package-lock.json', 'node_modules/.modules.yaml'], 'pnpm install'],
  [['yarn.lock', 'node_modules/.package-lock.json'], 'npm install'],
])('an application with %j is installed with %s', (files, command) => {
  write(files);
  expect(installCommand(folder)).toBe(command);
});

test('the newest lock decides, unless all are as old as a checkout', () => {
  write(['package-lock.json', 'yarn.lock'], 3600);
  expect(installCommand(folder)).toBe('yarn install');
  write(['package-lock.json', 'yarn.lock'], 5);
  expect(installCommand(folder)).toBe('npm ci');
});

test('packageManager in package.json decides before everything else', () => {
  write(['yarn.lock', 'package-lock.json', 'node_modules/.package-lock.json']);
  state('yarn@4.5.0');
  expect(installCommand(folder)).toBe('yarn install');
  state('something@1');
  expect(installCommand(folder)).toBe('npm ci');
});

test('locks of several package managers are one warning, which names the lock to delete', () => {
  write(['bun.lock', 'bun.lockb']);
  expect(lockWarnings(folder, ['.'])).toEqual([]);
  write(['package-lock.json', 'yarn.lock', 'node_modules/.yarn-state.yml']);
  rmSync(join(folder, 'bun.lock'));
  rmSync(join(folder, 'bun.lockb'));
  const [warning, ...more] = lockWarnings(folder, ['.']);
  expect(more).toEqual([]);
  expect(warning).toMatchObject({
    place: 'package-lock.json, yarn.lock',
    what: 'the application has locks of npm and yarn, which may contain different versions',
    why: 'yarn installs the packages here, and the image gets the versions in the lock of npm',
    fix: [expect.stringMatching(/^delete package-lock\.json; if yarn is not/)],
  });
  state('npm@11');
  expect(lockWarnings(folder, ['.'])[0]!.fix[0]).toMatch(/^delete yarn\.lock; if npm is not/);
});
