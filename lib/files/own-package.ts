import { createHash } from 'node:crypto';
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

let ownCode: string | undefined;

/** Returns a digest of the code of this package, because two builds of one version may differ. Reads it once. */
export function ownCodeDigest(): string {
  ownCode ??= codeDigest(ownFolder());
  return ownCode;
}

/**
 * Returns a digest of the compiled command in a folder of this package. The command contains all code that builds a
 * release. In sources that nobody has compiled, there is no command.
 */
export function codeDigest(folder: string): string {
  const command = join(folder, 'dist', 'bin', 'framework53', 'index.js');
  if (!existsSync(command)) return 'not compiled';
  return createHash('sha256').update(readFileSync(command)).digest('hex');
}
