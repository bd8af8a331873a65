import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export const FIXTURE = join(__dirname, '..', '..', 'fixtures', 'client');

/** A folder with the given files, for the duration of the test file. */
export function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'client-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** Vite's manifest for files it wrote. */
export function viteManifest(...files: string[]): string {
  return JSON.stringify(Object.fromEntries(files.map((file) => [`src/${file}`, { file }])));
}
