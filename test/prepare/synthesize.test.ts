import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { loadSettings } from '../../config';
import { synthesize } from '../../lib/synthesis/synthesize';
import { release } from '../support/environment';

const folder = mkdtempSync(join(tmpdir(), 'synthesize-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['kept', true],
  ['temporary', false],
] as const)('warnings of a plan that is %s name the folder: %s', (lifetime, named) => {
  const directory = join(folder, 'release');
  mkdirSync(join(directory, 'image'), { recursive: true });
  mkdirSync(join(directory, 'client'), { recursive: true });
  writeFileSync(join(directory, 'image/Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(directory, 'client/index.html'), '<!doctype html><title>Shop</title>\n');
  const said: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text)));
  const outdir = join(folder, lifetime);
  const settings = loadSettings('development', folder);
  synthesize({ environment: 'development', settings, release, directory, migrations: [] }, outdir, lifetime);
  spy.mockRestore();
  expect(said.join('\n')).toContain('WARNING');
  // The CDK prints the path relative to the working directory if that is shorter.
  expect(said.join('\n').includes(join(lifetime, 'validation-report.json'))).toBe(named);
  expect(existsSync(join(outdir, 'manifest.json'))).toBe(true);
});
