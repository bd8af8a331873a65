import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the folder of this package, which is the nearest one with a package.json. */
export function ownFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
}

/** Returns the version of this package. */
export function ownVersion(): string {
  const manifest = readFileSync(join(ownFolder(), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
