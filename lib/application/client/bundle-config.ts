import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { ApplicationError } from '../application-error';
import { optionsModule } from '../build-script';
import type { Client } from '../detect-client';
import { esbuildOutput } from '../server-sources';

/** Bundles Vite's configuration into one module outside the application. The paths of its modules stay the same. */
export function bundleConfig(directory: string, viteConfig: string, work: string): Promise<string> {
  const path = join(directory, viteConfig);
  return bundle(
    directory,
    { path, file: viteConfig, text: readFileSync(path, 'utf8') },
    join(work, 'vite.config.mjs'),
  );
}

/** Bundles the options that a build script passes to Vite, in the same way. */
export function bundleOptions(
  directory: string,
  inline: NonNullable<Client['inline']>,
  work: string,
): Promise<string> {
  const folder = join(directory, inline.packageFolder);
  const path = join(folder, inline.file);
  return bundle(
    directory,
    { path, file: inline.file, text: optionsModule(folder, inline) },
    join(work, 'vite.options.mjs'),
  );
}

interface ConfigModule {
  /** Absolute path. */
  readonly path: string;
  /** Path that messages name. */
  readonly file: string;
  readonly text: string;
}

async function bundle(
  directory: string,
  { path, file, text }: ConfigModule,
  outfile: string,
): Promise<string> {
  try {
    await build({
      absWorkingDir: directory,
      stdin: {
        contents: withPaths(path, text),
        sourcefile: file,
        resolveDir: dirname(path),
        loader: /ts$/.test(path) ? 'ts' : 'js',
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'silent',
      // A CommonJS configuration needs `require`. A configuration that creates its own `require` does not.
      ...(!/\bcreateRequire\b/.test(text) && {
        banner: {
          js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
        },
      }),
      define: {
        'import.meta.dirname': '__config_dirname',
        'import.meta.filename': '__config_filename',
        'import.meta.url': '__config_url',
        __dirname: '__config_dirname',
        __filename: '__config_filename',
      },
      plugins: [ownPaths],
    });
  } catch (error) {
    throw new ApplicationError(
      directory,
      [
        {
          file,
          problem: "Vite's configuration cannot be read",
          fix: 'correct the errors that esbuild reports below',
        },
      ],
      esbuildOutput(error),
    );
  }
  return outfile;
}

/** Returns the code of a module that knows its own path. */
function withPaths(path: string, text: string): string {
  const lines = [
    `const __config_filename = ${JSON.stringify(path)};`,
    `const __config_dirname = ${JSON.stringify(dirname(path))};`,
    `const __config_url = ${JSON.stringify(pathToFileURL(path).href)};`,
  ];
  return lines.join(' ') + text;
}

const ownPaths: Plugin = {
  name: 'own-paths',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => ({
      contents: withPaths(path, readFileSync(path, 'utf8')),
      loader: /ts$/.test(path) ? 'ts' : 'js',
    }));
  },
};
