import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { removedAfterwards } from '../files/scratch-folder';
import { ApplicationError } from './application-error';

/** File of a release that says what it was built from; a folder that has it may be replaced. */
export const digestFile = '.sources';

/** @throws ApplicationError where a release would end up in the application, or in place of something else */
export function checkReleaseFolder(directory: string, out: string): void {
  const problem = isInside(directory, out)
    ? 'the release would be written into the application'
    : isInside(out, directory)
      ? 'the release would replace the application, which is inside'
      : somethingElse(out);
  if (problem)
    throw new ApplicationError(directory, [
      {
        file: out,
        problem,
        fix: 'name a folder outside that is new, empty or an earlier release, with --out',
      },
    ]);
}

/**
 * Makes a release in a temporary folder beside its own folder, and moves the complete release there. A release that
 * fails or is interrupted leaves nothing behind.
 *
 * @param make fills the folder `release` of the temporary folder that it is given
 */
export async function inReleaseFolder<T>(
  directory: string,
  out: string,
  make: (work: string) => Promise<T>,
): Promise<T> {
  return removedAfterwards(temporaryBeside(directory, out), async (work) => {
    const made = await make(work);
    moveInto(out, work);
    return made;
  });
}

function temporaryBeside(directory: string, out: string): string {
  try {
    mkdirSync(dirname(out), { recursive: true });
    return mkdtempSync(`${out}.building-`);
  } catch (error) {
    throw new ApplicationError(directory, [
      {
        file: out,
        problem: `the release cannot be written there (${(error as NodeJS.ErrnoException).code})`,
        fix: 'name a folder that can be written with --out',
      },
    ]);
  }
}

/** Two renames: a reader finds the old release or the new one, hardly ever none, never half of one. */
function moveInto(out: string, work: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(out)) renameSync(out, join(work, `previous-${attempt}`));
      renameSync(join(work, 'release'), out);
      return;
    } catch (error) {
      // Another build into the same folder came between the two.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (attempt === 10 || !['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
    }
  }
}

function somethingElse(out: string): string | undefined {
  // A place that cannot be, such as one below a file, is told when the release is written.
  if (!existsSync(out)) return undefined;
  if (!statSync(out).isDirectory()) return 'is a file, which the release would replace';
  const own = [digestFile, 'release.json'].every((file) => existsSync(join(out, file)));
  return own || readdirSync(out).length === 0
    ? undefined
    : 'holds files that are no release and would be lost';
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return (
    way === '' ||
    (way !== '..' &&
      !way.startsWith(`..${sep}`) &&
      resolve(directory, way) === path &&
      !/^[A-Za-z]:/.test(way))
  );
}
