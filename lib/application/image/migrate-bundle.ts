import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { runtimeBundle } from '../../files/runtime-bundle';
import { packageFolder } from '../package-manifest';
import type { MigrationsKind } from '../release';

const namespace = 'migrate';

/**
 * Returns the text of `migrate.mjs`, one file that needs no node_modules. It contains node-postgres from this package
 * and drizzle's migrator from the application. The migrator then fits the version that made the migrations.
 */
export async function bundleMigrate(directory: string, kind: MigrationsKind): Promise<string> {
  const drizzle = packageFolder(directory, 'drizzle-orm');
  const journal = kind === 'journal' && drizzle;
  const lines = [
    "import pg from 'pg';",
    "import { main } from 'main';",
    ...(journal
      ? [
          "import { drizzle } from 'drizzle-orm/node-postgres';",
          "import { migrate as run } from 'drizzle-orm/node-postgres/migrator';",
          'const migrate = (client, migrationsFolder) => run(drizzle(client), { migrationsFolder });',
        ]
      : ['const migrate = undefined;']),
    'await main({ Client: pg.Client, migrate }, import.meta.dirname);',
  ];
  const result = await build({
    absWorkingDir: directory,
    stdin: { contents: lines.join('\n'), resolveDir: directory, sourcefile: 'migrate.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [inlined(drizzle)],
  });
  return result.outputFiles[0]!.text;
}

/** Gives each module a path within its package. The bundle then does not depend on the folder of the package. */
function inlined(drizzle: string | undefined): Plugin {
  return {
    name: 'inlined',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^main$/ }, () => ({ path: 'main', namespace }));
      onLoad({ filter: /^main$/, namespace }, () => ({
        contents: readFileSync(runtimeBundle('migrate'), 'utf8'),
      }));
      // The migrator uses this package's node-postgres, even if the application has its own.
      onResolve({ filter: /^pg$/ }, () => ({ path: 'pg', namespace }));
      onLoad({ filter: /^pg$/, namespace }, () => ({ contents: readFileSync(runtimeBundle('pg'), 'utf8') }));
      if (!drizzle) return;
      onResolve({ filter: /^drizzle-orm\// }, ({ path }) => {
        const file = [`${path}.js`, `${path}/index.js`]
          .map((candidate) => join(dirname(drizzle), candidate))
          .find((candidate) => existsSync(candidate));
        return file
          ? { path: relative(drizzle, file).split(sep).join('/'), namespace: 'drizzle-orm' }
          : undefined;
      });
      onResolve({ filter: /^\./, namespace: 'drizzle-orm' }, ({ path, importer }) => ({
        path: join(dirname(importer), path).split(sep).join('/'),
        namespace: 'drizzle-orm',
      }));
      onLoad({ filter: /.*/, namespace: 'drizzle-orm' }, ({ path }) => ({
        contents: readFileSync(join(drizzle, path), 'utf8'),
        loader: 'js',
      }));
    },
  };
}
