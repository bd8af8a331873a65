import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inScratchFolder } from '../files/scratch-folder';
import type { ConfigFile } from './config-file';

/** The difference between a file as it is and as it should be, as `git diff` shows it. */
export function differenceOf({ path, before, text }: ConfigFile): Promise<string> {
  return inScratchFolder('init', async (scratch) => {
    const [is, should] = [join(scratch, 'is'), join(scratch, 'should')];
    writeFileSync(is, before);
    writeFileSync(should, text);
    try {
      return execFileSync('git', ['diff', '--no-index', '--no-color', '--', is, should], {
        encoding: 'utf8',
      });
    } catch (error) {
      // It ends with 1 when files differ.
      const { stdout } = error as { stdout?: string };
      if (!stdout) return text;
      const from = stdout.indexOf('@@');
      return `--- ${basename(path)}\n+++ ${basename(path)}\n${stdout.slice(from)}`;
    }
  });
}
