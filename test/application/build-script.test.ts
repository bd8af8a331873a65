import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import { detectClient } from '../../lib/application/detect-client';
import { detectEntry } from '../../lib/application/detect-entry';
import { serverBuildOptions } from '../../lib/application/server-build-options';
import { checkApplication } from '../../lib/check/check-application';
import { buildScriptFiles } from './kinds';
import { makeApplication, portOfCode, runServer, temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
/** An application whose script `build` runs a module with this text. */
function withScript(text: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = join(folder, `script-${made++}`);
  const all = {
    'package.json': JSON.stringify({
      name: 'shop',
      version: '1.2.3',
      scripts: { build: 'tsx script/build.ts' },
    }),
    'script/build.ts': text,
    'web/index.html': '',
    'api/main.ts': '',
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}

const around = (call: string) => `import { build as viteBuild } from 'vite';
  import * as vite from 'vite';
  import path from 'node:path';
  const options = { root: 'web', build: { outDir: '../out' } };
  async function all() { ${call} }
  all().catch(() => process.exit(1));`;

describe("the client of a script that calls Vite's build", () => {
  const client = (call: string, files = {}) => detectClient(withScript(around(call), files), {}, []);

  test.each([
    ["await viteBuild({ root: 'web', build: { outDir: '../out' } });", {}],
    ['await vite.build(options);', {}],
    ["const { build } = await import('vite'); await build({ ...options, logLevel: 'warn' });", {}],
    [
      "await viteBuild({ root: path.resolve('web'), configFile: false, build: { outDir: path.resolve('out') } });",
      {},
    ],
    ["await viteBuild({ root: 'web', build: { ssr: 'src/render.ts' } }); await viteBuild(options);", {}],
    [
      'await viteBuild({ build: { outDir: "../out" } });',
      { 'vite.config.ts': "export default { root: 'web' };" },
    ],
    [
      "await viteBuild({ configFile: 'tools/vite.ts' });",
      { 'tools/vite.ts': "export default { root: '../web', build: { outDir: '../out' } };" },
    ],
  ])('%s', (call, files) => {
    expect(client(call, files)).toMatchObject({ root: 'web', outDir: 'out' });
  });

  test('has no configuration file if the script switches it off', () => {
    const files = { 'vite.config.ts': 'export default {};' };
    expect(client('await viteBuild({ ...options, configFile: false });', files)).not.toHaveProperty(
      'viteConfig',
    );
    expect(client('await viteBuild();', files)).toMatchObject({ viteConfig: 'vite.config.ts' });
    expect(client('await viteBuild();', files)).not.toHaveProperty('inline');
  });

  test('has the configuration file of the settings, and no options of the script', () => {
    const directory = withScript(around('await vite.build(options);'), {
      'vite.own.ts': "export default { root: 'web' };",
    });
    const own = detectClient(directory, { viteConfig: 'vite.own.ts' }, []);
    expect(own).toMatchObject({ root: 'web', outDir: 'web/dist' });
    expect(own).not.toHaveProperty('inline');
  });
});

describe('the server of a script that calls esbuild', () => {
  const script = `import { build } from 'esbuild';
    import { readFileSync } from 'node:fs';
    const pkg = JSON.parse(readFileSync('package.json', 'utf8'));
    await build({
      entryPoints: ['api/main.ts'],
      define: { 'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(pkg.version), __FLAG__: 'true',
        __COMMIT__: JSON.stringify(commit()), 'process.env.REGION': JSON.stringify(process.env.REGION) },
      loader: { '.sql': 'text' },
      alias: { '#lib': './lib' },
    });`;

  test('is its entry, with the options that change the code', () => {
    const directory = withScript(script);
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    expect(detectEntry(directory, manifest, undefined, [])).toBe('api/main.ts');
    expect(serverBuildOptions(directory, manifest, '.')).toEqual({
      define: { __VERSION__: '"1.2.3"', __FLAG__: 'true' },
      loader: { '.sql': 'text' },
      alias: { '#lib': './lib' },
      unknown: ['__COMMIT__'],
    });
  });

  test('may have the options in the command', () => {
    const build = `esbuild api/main.ts --bundle --define:process.env.NODE_ENV='"production"' --define:__A__="\\"a b\\"" --loader:.sql=text --alias:#lib=./lib`;
    expect(serverBuildOptions(folder, { scripts: { build } }, '.')).toEqual({
      define: { __A__: '"a b"' },
      loader: { '.sql': 'text' },
      alias: { '#lib': './lib' },
      unknown: [],
    });
  });
});

test('a release has the options of a build script, for the client and for the server', async () => {
  const port = await portOfCode();
  const app = makeApplication(join(folder, 'whole'), buildScriptFiles);
  const out = join(folder, 'out');
  const release = await buildApplication({ directory: app, out, config: {} });
  expect(release.warnings.filter(({ severity }) => severity === 'danger')).toMatchObject([
    { rule: 'define-unknown', place: 'server/index.ts', what: expect.stringContaining('__COMMIT__') },
  ]);
  expect((await checkApplication(app)).findings.map(({ rule }) => rule)).not.toContain('module-unreadable');
  const server = await runServer(out, release, { PORT: String(port) }, join(app, 'node_modules'));
  try {
    expect(await (await fetch(`${server.url}/api/about`)).json()).toEqual([
      '1.0.0',
      'Dear {{name}}',
      'undefined',
    ]);
    const [, asset] = /src="(\/assets\/[^"]+)"/.exec(await (await fetch(server.url)).text())!;
    expect(await (await fetch(server.url + asset)).text()).toContain('teal');
  } finally {
    await server.stop();
  }
}, 120_000);
