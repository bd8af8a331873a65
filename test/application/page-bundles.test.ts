import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import { detectPageBundles } from '../../lib/application/detect-page-bundles';
import { makeApplication, portOfCode, runServer, temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('scripts that build a bundle for rendering pages', () => {
  const client = { root: 'client', outDir: 'dist/public', configured: {} };
  const files = {
    'vite.ssr.config.ts': "export default { build: { ssr: 'src/render.tsx', outDir: '../dist/ssr' } };",
    'vite.api.config.ts': "export default { build: { ssr: '../server/index.ts' } };",
    'vite.flag.config.ts': 'export default { build: { ssr: true } };',
    'vite.config.ts': 'export default {};',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  test.each([
    [
      'vite build && vite build --ssr src/entry-server.tsx --outDir ../dist/server --emptyOutDir false',
      { entry: 'src/entry-server.tsx', outDir: '../dist/server' },
    ],
    [
      'vite build --outDir=../x --ssr=src/entry-server.tsx',
      { entry: 'src/entry-server.tsx', outDir: '../x' },
    ],
    ['vite build web --ssr "src/entry.ts"', { root: 'web', entry: 'src/entry.ts' }],
    ['vite build -c ./vite.ssr.config.ts', { viteConfig: 'vite.ssr.config.ts' }],
    ['NODE_ENV=production vite build --config vite.flag.config.ts', { viteConfig: 'vite.flag.config.ts' }],
    ['vite build -c vite.ssr.config.ts --ssr', { viteConfig: 'vite.ssr.config.ts' }],
    ['vite build --ssr ../server/index.ts --outDir ../dist', undefined],
    ['vite build --ssr server/index.ts', undefined],
    ['vite build -c vite.api.config.ts', undefined],
    ['vite build --config vite.config.ts --mode ssr', undefined],
    ['esbuild server/index.ts --ssr', undefined],
  ])('%s', (script, bundle) => {
    const found = detectPageBundles(folder, { scripts: { build: script } }, client, 'server/index.ts');
    expect(found).toEqual(bundle ? [{ script: 'build', ...bundle }] : []);
  });

  test('are built once if two scripts name them', () => {
    const scripts = {
      a: 'vite build --ssr src/a.ts',
      b: 'vite build --ssr src/a.ts',
      c: 'vite build --ssr b.ts',
    };
    expect(detectPageBundles(folder, { scripts }, client, 'server/index.ts')).toHaveLength(2);
  });
});

test('a page that only such a bundle renders is in the release, and the server serves it', async () => {
  const port = await portOfCode();
  const app = makeApplication(
    join(folder, 'pages'),
    {
      'package.json': JSON.stringify({
        name: 'pages',
        type: 'module',
        scripts: {
          build:
            'vite build && vite build --ssr src/entry-server.ts --outDir ../dist/server && esbuild server/index.ts',
        },
        dependencies: { express: '5.3.0', zod: '*' },
        devDependencies: { vite: '8.3.8' },
      }),
      'client/src/entry-server.ts':
        "import { z } from 'zod'; export const render = (url: string) => `<h1>${z.string().parse(url)} of ${import.meta.env.SSR}</h1>`;",
      'client/public/robots.txt': 'User-agent: *',
      'server/index.ts': `import express from 'express';
        import { readFileSync } from 'node:fs';
        import { resolve } from 'node:path';
        import { pathToFileURL } from 'node:url';
        const app = express();
        app.use(express.static(resolve('dist/public'), { index: false }));
        app.get('/{*path}', async (req, res) => {
          const { render } = await import(pathToFileURL(resolve('dist/server/entry-server.js')).href);
          const page = readFileSync(resolve('dist/public/index.html'), 'utf8');
          res.send(page.replace('</body>', render(req.originalUrl) + '</body>'));
        });
        app.listen(Number(process.env.PORT || 3000));`,
    },
    { template: 'plain' },
  );
  const out = join(folder, 'pages-out');
  const release = await buildApplication({ directory: app, out, config: {} });
  expect(release.server).toMatchObject({ rendersPages: true, paths: ['/*'] });
  expect(release.warnings.map(({ rule }) => rule)).not.toContain('built-file-missing');
  expect(existsSync(join(out, 'image', 'dist', 'server', 'robots.txt'))).toBe(false);
  const { dependencies } = JSON.parse(readFileSync(join(out, 'image', 'package.json'), 'utf8'));
  expect(Object.keys(dependencies)).toContain('zod');
  expect(existsSync(join(app, 'dist'))).toBe(false);

  const server = await runServer(out, release, { PORT: String(port) }, join(app, 'node_modules'));
  try {
    expect(await (await fetch(`${server.url}/a/b`)).text()).toContain('<h1>/a/b of true</h1></body>');
  } finally {
    await server.stop();
  }
}, 60_000);
