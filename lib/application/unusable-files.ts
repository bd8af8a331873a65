import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationError, type ApplicationProblem } from './application-error';

/** Folders without sources. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'build', 'coverage', 'cdk.out', '.git', '.cache']);
/** Files that commands read completely and parse. */
const TEXT = /\.([cm]?[jt]sx?|json|sql|html?|css|ya?ml)$|(^|\/)\.(env[^/]*|npmrc)$/;
/** Maximum size of a text file, in megabytes. Nobody writes larger files by hand. */
const LARGEST_TEXT = 64;

/**
 * Throws for files of an application that cannot be read in bounded time and memory: pipes, sockets, devices, links to
 * these, and texts of over 64 MB.
 * @throws ApplicationError that lists the files
 */
export function requireUsableFiles(directory: string): void {
  const problems = unusableFiles(directory);
  if (problems.length > 0) throw new ApplicationError(directory, problems);
}

function unusableFiles(directory: string): ApplicationProblem[] {
  const problems: ApplicationProblem[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(join(directory, folder))) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.includes('\ufffd')) {
        problems.push({ file, problem: 'has a name that is not UTF-8', fix: 'give it another name' });
        continue;
      }
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) folders.push(file);
        continue;
      }
      const isText = TEXT.test(file);
      if (entry.isFile() && !isText) continue;
      const status = statusOf(join(directory, file));
      // Links to folders are not followed, and a dangling link is ignored.
      if (!status || status.isDirectory()) continue;
      const megabytes = Math.round(status.size / 1e6);
      if (!status.isFile())
        problems.push({
          file,
          problem: `is ${kindOf(status)}, and no file`,
          fix: 'remove it, or put a file in its place',
        });
      else if (isText && megabytes > LARGEST_TEXT)
        problems.push({
          file,
          problem: `has ${megabytes} MB; a file of this kind may have ${LARGEST_TEXT} MB`,
          fix: 'keep data outside the application, or give the file another ending',
        });
    }
  }
  return problems;
}

function kindOf(status: Stats): string {
  if (status.isFIFO()) return 'a named pipe';
  return status.isSocket() ? 'a socket' : 'a device';
}

/** Returns the entries of a folder, or none if the folder is missing or unreadable. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Returns the status of a file; undefined for a dangling link and for a link to itself. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
