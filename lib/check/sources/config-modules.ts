import { posix } from 'node:path';
import { escapePattern } from '../../files/escape-pattern';

/** Matches configuration of tools, such as `vite.config.ts`. */
const config = /(^|\/)[\w.-]+\.config\.[cm]?[jt]s$/;
const relativeImport = /(?:from|import|require\()\s*['"](\.[^'"]+)['"]/g;
const endings = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

/**
 * Returns the modules that configuration of tools imports, and that no module of the application imports, such as a
 * plugin of Vite beside its configuration.
 * @param files all files of the application
 * @param modules modules of the application
 */
export function configModules(
  files: ReadonlySet<string>,
  modules: () => readonly string[],
  text: (file: string) => string | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...files].filter((file) => config.test(file));
  for (const file of queue)
    for (const [, path] of (text(file) ?? '').matchAll(relativeImport)) {
      const base = posix.join(posix.dirname(file), path!).replace(/\.js$/, '');
      const target = endings.map((ending) => `${base}${ending}`).find((each) => files.has(each));
      if (target === undefined || found.has(target) || !/\.[cm]?[jt]s$/.test(target)) continue;
      found.add(target);
      queue.push(target);
    }
  if (found.size === 0) return found;
  const others = modules().filter((file) => !found.has(file));
  for (const file of found) {
    const name = escapePattern(posix.basename(file).replace(/\.[cm]?[jt]s$/, ''));
    const pattern = new RegExp(`/${name}(\\.[cm]?[jt]s)?['"\`]`);
    if (name === 'index' || others.some((each) => pattern.test(text(each) ?? ''))) found.delete(file);
  }
  return found;
}
