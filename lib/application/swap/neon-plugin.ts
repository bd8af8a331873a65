import { existsSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';
import { runtimeBundle } from '../../files/runtime-bundle';
import { packageFolder, packageName } from '../package-manifest';

const drivers = /^drizzle-orm\/neon(-serverless|-http)?(\/|$)/;
const driverFolders = /^neon(-serverless|-http)?\//;
const namespace = 'neon';

/**
 * Replaces Neon's driver, which connects to Neon only, with a driver on node-postgres. Inlines Drizzle's own Neon
 * drivers in the version that the application installs, so that they import the replaced driver too. Other modules of
 * drizzle-orm stay external. The drivers and the application then share one instance.
 */
export function neonPlugin(directory: string): Plugin {
  return {
    name: 'neon-on-pg',
    setup({ onResolve, onLoad }) {
      const drizzle = packageFolder(directory, 'drizzle-orm');

      onResolve({ filter: /^@neondatabase\/serverless$/ }, () => ({ path: 'driver', namespace }));
      onLoad({ filter: /^driver$/, namespace }, () => ({
        contents: readFileSync(runtimeBundle('neon'), 'utf8'),
        loader: 'js',
      }));

      if (!drizzle) return;
      onResolve({ filter: drivers }, ({ path }) => ({
        path: path === 'drizzle-orm/neon' ? '' : driverFile(drizzle, path.slice('drizzle-orm/'.length)),
        namespace,
        ...(path === 'drizzle-orm/neon' && { path, external: true, namespace: 'file' }),
      }));
      onResolve({ filter: /^\./, namespace }, ({ path, importer }) => {
        const file = posix.join(posix.dirname(importer), path);
        if (driverFolders.test(file)) return { path: file, namespace };
        return { path: `drizzle-orm/${file}`.replace(/(\/index)?\.js$/, ''), external: true };
      });
      onLoad({ filter: driverFolders, namespace }, ({ path }) => ({
        contents: readFileSync(join(drizzle, path), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, ''),
        loader: 'js',
      }));
      // The other imports of the inlined drivers are external packages.
      onResolve({ filter: /^[^.]/, namespace }, ({ path }) =>
        packageName(path) === '@neondatabase/serverless' || drivers.test(path)
          ? undefined
          : { path, external: true },
      );
    },
  };
}

/**
 * Returns a driver's file relative to drizzle-orm: `neon-http/index.js` for `neon-http`, `neon-http/migrator.js` for
 * `neon-http/migrator`.
 */
function driverFile(drizzle: string, path: string): string {
  const candidates = [path, `${path}.js`, `${path}/index.js`].map((file) => join(drizzle, file));
  const file = candidates.find((candidate) => candidate.endsWith('.js') && existsSync(candidate));
  if (!file) throw new Error(`drizzle-orm/${path} is not part of the installed drizzle-orm`);
  return relative(drizzle, file).split(sep).join('/');
}
