import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratchFolder } from './scratch-folder';

/** A file's present and wanted text. */
export interface ChangedFile {
  /** Path for people. */
  readonly path: string;
  /** Present text; empty if there is no file. */
  readonly before: string;
  readonly text: string;
}

/** Returns the difference between the present and the wanted text, in the format of `git diff`. */
export function differenceOf({ path, before, text }: ChangedFile): Promise<string> {
  return inScratchFolder('difference', async (scratch) => {
    const [is, should] = [join(scratch, 'is'), join(scratch, 'should')];
    writeFileSync(is, before);
    writeFileSync(should, text);
    try {
      return execFileSync(
        'git',
        ['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--', is, should],
        {
          encoding: 'utf8',
          // Warnings about line ends would name the files in the scratch folder.
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
    } catch (error) {
      // git exits with 1 if the files differ.
      const { stdout } = error as { stdout?: string };
      if (!stdout) return text;
      const from = stdout.indexOf('@@');
      return `--- ${path}\n+++ ${path}\n${stdout.slice(from)}`;
    }
  });
}
