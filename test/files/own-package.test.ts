import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sourcesDigest } from '../../lib/application/digest';
import { codeDigest, ownCodeDigest } from '../../lib/files/own-package';

const folder = mkdtempSync(join(tmpdir(), 'own-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the digest of the code changes with the compiled command, also in one version and of one size', () => {
  const bin = join(folder, 'dist', 'bin', 'framework53');
  const compiled = (text: string) => {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'index.js'), text);
    return codeDigest(folder);
  };
  expect(codeDigest(folder)).toBe('not compiled');
  expect(compiled('one')).not.toBe(compiled('two'));
  expect(compiled('one')).toBe(compiled('one'));
});

test('another build of this package does not take a release from the cache', () => {
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app', 'package.json'), '{}');
  const key = (code?: string) => sourcesDigest(join(folder, 'app'), {}, code);
  expect(key()).toBe(key(ownCodeDigest()));
  expect(key()).not.toBe(key('another build'));
});
