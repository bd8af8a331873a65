import { existsSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';
import { runtimeBundle } from '../../files/runtime-bundle';
import { packageFolder, packageName } from '../package-manifest';

const drivers = /^drizzle-orm\/neon(-serverless|-http)?(\/|$)/;
const driverFolders = /^neon(-serverless|-http)?\//;
const namespace = 'neon';

/**
 * Swaps Neon's driver, which only reaches Neon, for one on node-postgres. Drizzle's own Neon drivers stay as
 * the application has them installed, but are inlined, so that they too import the swapped driver;
 * what else they import of drizzle-orm stays external, one instance for them and the application.
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
      // Everything else that the inlined drivers import is a package like any other.
      onResolve({ filter: /^[^.]/, namespace }, ({ path }) =>
        packageName(path) === '@neondatabase/serverless' || drivers.test(path)
          ? undefined
          : { path, external: true },
      );
    },
  };
}

/** `neon-http` → `neon-http/index.js`, `neon-http/migrator` → `neon-http/migrator.js`, relative to drizzle-orm. */
function driverFile(drizzle: string, path: string): string {
  const candidates = [path, `${path}.js`, `${path}/index.js`].map((file) => join(drizzle, file));
  const file = candidates.find((candidate) => candidate.endsWith('.js') && existsSync(candidate));
  if (!file) throw new Error(`drizzle-orm/${path} is not part of the installed drizzle-orm`);
  return relative(drizzle, file).split(sep).join('/');
}
