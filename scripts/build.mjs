// Compiles the sources to dist/ (file by file, no type check) and bundles what runs elsewhere:
//   *.lambda.ts    Lambda handlers, AWS SDK inlined          → bundles/NAME/index.js   (CommonJS)
//   *.runtime.ts   code carried into the application's image → bundles/NAME/index.mjs  (ES module)
//   *.function.ts  CloudFront Functions                      → bundles/NAME/index.js   (script)
//   *.browser.ts   scripts that pages load                   → bundles/NAME/index.js   (script)
//   CloudFormation's resource schemas, for the review        → bundles/resource-schemas (JSON)
// and the programs in bin/, with all of this package that they import, because loading hundreds of modules takes longer
// than a command → dist/bin/NAME/index.js, which a command's dist/bin/NAME.js loads
// bundles/ lies beside constructs/ in the checkout and, inside dist/, beside the compiled constructs in
// the package, so both find a bundle at the same relative path (docs/decisions/0003).
//   --package DIR  compiles to DIR/dist no more than what the package needs
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleResourceSchemas } from './bundle-resource-schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['bin', 'cli', 'config', 'constructs', 'lib', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
);
const ending = (suffix) => sources.filter((file) => file.endsWith(suffix));
const named = (files, suffix) =>
  files.map((file) => ({ in: file, out: join(basename(file, suffix), 'index') }));

/** Writes the files that differ, each with a rename, so that a process which runs the old file is not disturbed. */
function write({ outputFiles }) {
  for (const { path, contents } of outputFiles) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
}

const common = {
  write: false,
  absWorkingDir: root,
  logLevel: 'warning',
  charset: 'utf8',
  legalComments: 'none',
};

/**
 * Makes `handler` global, because CloudFront calls it so: its runtime supports `import cf from 'cloudfront'`, but no
 * `export`.
 */
const edgeScript = {
  name: 'edge-script',
  setup({ onEnd }) {
    onEnd((result) => {
      result.outputFiles = result.outputFiles?.map((file) => ({
        ...file,
        contents: Buffer.from(file.text.replace(/^export \{\s*handler\s*\};\n/m, '')),
      }));
    });
  },
};

/** Leaves out session recording, which is unused and four times as large as the rest. */
const withoutRecording = {
  name: 'without-recording',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.@rrweb.record./ }, () => ({
      contents: 'export const record = undefined;',
    }));
  },
};

const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bundled = { ...common, bundle: true, platform: 'node', outdir: join(root, 'bundles') };

const packageFlag = process.argv.indexOf('--package');
const packed = packageFlag === -1 ? undefined : resolve(process.argv[packageFlag + 1]);
const dist = join(packed ?? root, 'dist');
if (packed) rmSync(dist, { recursive: true, force: true });

/** Returns the sources that the package's entries import, directly or indirectly. */
async function reached() {
  const entries = Object.values(exports)
    .map((entry) => entry.default)
    .filter((file) => file !== undefined)
    .map((file) => file.replace(/^(\.\/)?dist\//, './').replace(/\.js$/, '.ts'));
  const { metafile } = await build({
    ...common,
    entryPoints: entries,
    bundle: true,
    metafile: true,
    packages: 'external',
    platform: 'node',
    outdir: dist,
  });
  return Object.keys(metafile.inputs).map((file) => join(root, file));
}

const programs = readdirSync(join(root, 'bin')).map((file) => basename(file, '.ts'));
const compiled = {
  ...common,
  outdir: dist,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  sourcemap: packed ? false : 'linked',
};

const built = await Promise.all([
  build({
    ...compiled,
    entryPoints: packed
      ? await reached()
      : sources.filter((file) => !/(^|\/)bin\/|\.(lambda|runtime|function|browser|d)\.ts$/.test(file)),
    outbase: root,
  }),
  build({
    ...compiled,
    entryPoints: programs.map((name) => ({
      in: join(root, 'bin', `${name}.ts`),
      out: join('bin', name, 'index'),
    })),
    bundle: true,
    packages: 'external',
    minifySyntax: true,
    minifyWhitespace: true,
  }),
  build({
    ...bundled,
    entryPoints: named(ending('.lambda.ts'), '.lambda.ts'),
    format: 'cjs',
    target: 'node24',
    minify: true,
    // From the SDK's ES modules, esbuild can remove code that a handler does not use.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './constructs/handler/environment-credentials.ts' },
  }),
  build({
    ...bundled,
    entryPoints: named(ending('.runtime.ts'), '.runtime.ts'),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'node20',
  }),
  build({
    ...bundled,
    platform: 'neutral',
    entryPoints: named(ending('.function.ts'), '.function.ts'),
    format: 'esm',
    external: ['cloudfront'],
    target: 'es2017',
    plugins: [edgeScript],
  }),
  build({
    ...bundled,
    platform: 'browser',
    entryPoints: named(ending('.browser.ts'), '.browser.ts'),
    format: 'iife',
    target: 'es2020',
    minify: true,
    plugins: [withoutRecording],
  }),
  bundleResourceSchemas(root),
]);

for (const result of built) write(result);
write({
  outputFiles: Object.values(bin).map((file) => ({
    path: join(dist, 'bin', basename(file)),
    contents: Buffer.from(`#!/usr/bin/env node\nrequire('./${basename(file, '.js')}/index.js');\n`),
  })),
});

const current = new Set([
  'resource-schemas',
  ...['.lambda.ts', '.runtime.ts', '.function.ts', '.browser.ts'].flatMap((suffix) =>
    ending(suffix).map((file) => basename(file, suffix)),
  ),
]);
mkdirSync(join(root, 'bundles'), { recursive: true });
for (const name of readdirSync(join(root, 'bundles')))
  if (!current.has(name)) rmSync(join(root, 'bundles', name), { recursive: true });
for (const { outputFiles } of built.slice(2)) {
  const inPackage = (path) => join(dist, relative(root, path));
  write({ outputFiles: outputFiles.map(({ path, contents }) => ({ path: inPackage(path), contents })) });
}
