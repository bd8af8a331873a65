import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { resolveEnvironment } from '../../lib/prepare/resolve-environment';

const root = resolve(__dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'prepare-')));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
const from = (directory: string) => {
  vi.spyOn(process, 'cwd').mockReturnValue(directory);
  return resolveEnvironment({}).application;
};

test('the application is the working directory', () => {
  expect(from(folder)).toBe(folder);
});

test('the application in a checkout of this package is the example', () => {
  expect(from(root)).toBe(join(root, 'examples', 'guestbook'));
});

test('a folder within an application never selects another application', () => {
  mkdirSync(join(folder, 'server', 'routes'), { recursive: true });
  expect(from(join(folder, 'server', 'routes'))).toBe(join(folder, 'server', 'routes'));
  expect(from(join(root, 'docs'))).toBe(join(root, 'docs'));
});
