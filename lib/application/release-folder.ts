import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { removedAfterwards } from '../files/scratch-folder';
import { ApplicationError } from './application-error';

/**
 * Name of the file with the digest of a release's sources. A folder with this file is a release, so a build may replace
 * it.
 */
export const digestFile = '.sources';

/**
 * Checks the folder of a release.
 * @throws ApplicationError if the folder is inside the application, contains the application, or contains other files
 */
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
 * Builds a release in a temporary folder next to its final folder, and then moves the complete release there. A failed
 * or interrupted build leaves no files.
 *
 * @param make writes the release into the subfolder `release` of the given folder
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

/**
 * Replaces the release with two renames. A reader finds the old or the new release, or in rare cases none, but never a
 * partial one.
 */
function moveInto(out: string, work: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(out)) renameSync(out, join(work, `previous-${attempt}`));
      renameSync(join(work, 'release'), out);
      return;
    } catch (error) {
      // Another build moved its release between the two renames.
      const { code = '' } = error as NodeJS.ErrnoException;
      if (attempt === 10 || !['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
    }
  }
}

function somethingElse(out: string): string | undefined {
  // The later write reports an impossible path, such as a path below a file.
  if (!existsSync(out)) return undefined;
  if (!statSync(out).isDirectory()) return 'is a file, which the release would replace';
  const own = [digestFile, 'release.json'].every((file) => existsSync(join(out, file)));
  return own || readdirSync(out).length === 0
    ? undefined
    : 'holds files that do not belong to a release and would be lost';
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
