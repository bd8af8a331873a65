import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkReleaseFolder, inReleaseFolder } from '../../lib/application/release-folder';
import { temporaryFolder } from './support';

let folder: string;
let app: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  app = join(folder, 'app');
  out = join(folder, 'out');
  mkdirSync(app);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = (text: string) => async (work: string) => {
  mkdirSync(join(work, 'release'));
  // Others come in between.
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const file of ['release.json', '.sources']) writeFileSync(join(work, 'release', file), text);
  return text;
};

describe('a release is not written', () => {
  test('into the application', () => {
    expect(() => checkReleaseFolder(app, join(app, 'dist'))).toThrow('written into the application');
  });

  test('over a folder that contains the application', () => {
    expect(() => checkReleaseFolder(app, folder)).toThrow('would replace the application');
  });

  test('over a file, or over files that are not a release', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => checkReleaseFolder(app, join(folder, 'file'))).toThrow('is a file');
    mkdirSync(out);
    checkReleaseFolder(app, out);
    writeFileSync(join(out, 'letter.txt'), '');
    expect(() => checkReleaseFolder(app, out)).toThrow(
      /holds files that do not belong to a release[\s\S]*--out/,
    );
  });

  test('into a folder without write permission, and the error says so', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(inReleaseFolder(app, join(folder, 'file', 'out'), made('a'))).rejects.toThrow(
      /cannot be written there \((ENOTDIR|EEXIST)\)\n.*--out/,
    );
  });
});

test('a release replaces the previous release', async () => {
  for (const text of ['first', 'second']) {
    checkReleaseFolder(app, out);
    await inReleaseFolder(app, out, made(text));
    expect(readFileSync(join(out, 'release.json'), 'utf8')).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['app', 'out']);
  }
});

test('concurrent builds leave one complete release', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((text) => inReleaseFolder(app, out, made(text))));
  expect(readFileSync(join(out, '.sources'), 'utf8')).toBe(readFileSync(join(out, 'release.json'), 'utf8'));
  expect(readdirSync(folder).sort()).toEqual(['app', 'out']);
});

test('a failed build leaves no files', async () => {
  await expect(inReleaseFolder(app, out, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual(['app']);
});

test.runIf(process.platform !== 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a build that %s ends leaves no files', async (signal, code) => {
  const module = join(__dirname, '..', '..', 'dist', 'lib', 'application', 'release-folder.js');
  const child = spawn(process.execPath, [
    '-e',
    `require(${JSON.stringify(module)}).inReleaseFolder(${JSON.stringify(app)}, ${JSON.stringify(out)}, () => {
      console.log('at work');
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`,
  ]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(readdirSync(folder)).toHaveLength(2);
  child.kill(signal);
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(code);
  expect(readdirSync(folder)).toEqual(['app']);
  expect(existsSync(out)).toBe(false);
});
