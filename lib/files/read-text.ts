import { readFileSync, statSync } from 'node:fs';
import { isFile } from './is-file';

/** Largest text that is read as a whole, in megabytes. Nobody writes larger files by hand, nor does the CDK. */
const LARGEST = 64;

/**
 * Reads a text file that this package did not write. Reading a pipe or a device would not end.
 * @throws Error that names the path, if it is missing, not a file, or too large
 */
export function readText(path: string): string {
  if (!isFile(path)) throw new Error(`${path} cannot be read: it is not a file`);
  const megabytes = Math.ceil(statSync(path).size / 1e6);
  if (megabytes > LARGEST)
    throw new Error(`${path} cannot be read: it has ${megabytes} MB; allowed: at most ${LARGEST} MB`);
  return readFileSync(path, 'utf8');
}
