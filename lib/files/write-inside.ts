import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { leadsOut } from './inside';

/**
 * Writes a text file of a folder, and creates the folders of its path.
 * @param path path in the folder
 * @throws Error if a link leads the path out of the folder; a link without a target counts as such a link
 */
export function writeInside(folder: string, path: string, text: string): void {
  const parts = path.split(/[\\/]/);
  for (const index of parts.keys()) {
    const part = join(folder, parts.slice(0, index + 1).join(sep));
    const isLink = lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    if (isLink && (!existsSync(part) || leadsOut(folder, part)))
      throw new Error(`${part} is a link out of ${folder}, so ${path} was not written; remove the link`);
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
