import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratchFolder } from './scratch-folder';

/** A file as it is and as it should be. */
export interface ChangedFile {
  /** Path as people should see it. */
  readonly path: string;
  /** Text that the file has; empty if there is no file. */
  readonly before: string;
  readonly text: string;
}

/** The difference between a file as it is and as it should be, as `git diff` shows it. */
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
      // It ends with 1 when files differ.
      const { stdout } = error as { stdout?: string };
      if (!stdout) return text;
      const from = stdout.indexOf('@@');
      return `--- ${path}\n+++ ${path}\n${stdout.slice(from)}`;
    }
  });
}
