import { expect, test } from 'vitest';
import { check, places } from './support';

const start = (script: string, others: Record<string, string> = {}) => ({
  'package.json': JSON.stringify({ name: 'shop', scripts: { ...others, start: script } }, null, 2),
});

test.each([
  'tsx server/index.ts',
  'NODE_ENV=production npx tsx ./server/index.ts',
  'node --import tsx server/index.ts',
  'node -r ts-node/register server/index.ts',
  'cross-env NODE_ENV=production ts-node-dev --respawn server/index.ts',
  'node --experimental-strip-types server/index.ts',
  'npm run migrate && tsx server/index.ts',
  'vite preview',
])('start runs sources: %s', async (script) => {
  expect(await places('start-runs-sources', start(script))).toEqual(['package.json:4']);
});

test('start runs another script that runs sources', async () => {
  const files = start('npm run dev', { dev: 'tsx server/index.ts' });
  expect(await places('start-runs-sources', files)).toEqual(['package.json:5']);
});

test.each([
  'node dist/index.js',
  'NODE_ENV=production node --enable-source-maps dist/index.js',
  'tsx server/migrate.ts && node dist/index.js',
  'pm2-runtime dist/index.js',
  'node -r dotenv/config dist/server/index.js',
])('start runs a build: %s', async (script) => {
  expect(await places('start-runs-sources', start(script))).toEqual([]);
});

test('start is for development if another script starts production', async () => {
  const files = start('tsx server/index.ts', { 'start:prod': 'node dist/index.js' });
  expect(await places('start-runs-sources', files)).toEqual([]);
});

test('a missing start is a note', async () => {
  const { findings } = await check({ 'package.json': '{ "scripts": { "dev": "tsx server/index.ts" } }' });
  expect(findings.find(({ rule }) => rule === 'start-runs-sources')?.severity).toBe('note');
});

const vite = (config: string) => ({ 'vite.config.ts': config, 'client/src/main.tsx': 'export {};' });

test.each([
  [
    'a mode that is not development',
    "export default ({ mode }) => ({ build: { sourcemap: mode !== 'development' } });",
  ],
  [
    'the mode of production',
    "export default (env) => { return { build: { sourcemap: env.mode === 'production' } }; };",
  ],
  [
    'the command',
    "export default ({ command }) => ({ build: { sourcemap: command === 'build' && 'inline' } });",
  ],
  [
    'a branch for the build',
    "export default ({ command }) => { if (command === 'serve') { return {}; } return { build: { sourcemap: true } }; };",
  ],
  ['an output', 'export default { build: { rollupOptions: { output: [{ sourcemap: true }] } } };'],
])('source maps are published by %s', async (_, config) => {
  expect(await places('source-maps-published', vite(config))).toEqual(['vite.config.ts:1']);
});

test.each([
  ['development', "export default ({ mode }) => ({ build: { sourcemap: mode === 'development' } });"],
  ['all but production', "export default ({ mode }) => ({ build: { sourcemap: mode !== 'production' } });"],
  [
    'the development server',
    "export default ({ command }) => { if (command === 'serve') return { build: { sourcemap: true } }; else return {}; };",
  ],
  ['a variable', 'export default { build: { sourcemap: Boolean(process.env.MAPS) } };'],
])('source maps for %s alone are not published', async (_, config) => {
  expect(await places('source-maps-published', vite(config))).toEqual([]);
});

test('file names without a hash are found in lists, functions and templates', async () => {
  const config = (output: string) =>
    vite(`export default { build: { rollupOptions: { output: ${output} } } };`);
  const wrong = [
    "[{ entryFileNames: 'app.js' }]",
    '{ assetFileNames: (info) => `assets/${info.name}[extname]` }',
  ];
  for (const output of wrong)
    expect(await places('assets-not-hashed', config(output))).toEqual(['vite.config.ts:1']);
  const right = [
    '{ assetFileNames: (info) => `assets/${info.name}-[hash][extname]` }',
    '{ assetFileNames: (info) => `assets/${folderOf(info)}` }',
  ];
  for (const output of right) expect(await places('assets-not-hashed', config(output))).toEqual([]);
});

test('one file for all pages is told', async () => {
  const pages = { 'client/src/pages/a.tsx': '', 'client/src/pages/b.tsx': '' };
  const main = { 'client/src/main.tsx': "export const a = () => import('./pages/a');" };
  const whole = vite(
    'export default { build: { rollupOptions: { output: { inlineDynamicImports: true } } } };',
  );
  expect(await places('code-not-split', { ...whole, ...pages, ...main })).toEqual(['vite.config.ts:1']);
  expect(await places('code-not-split', { ...vite('export default {};'), ...pages, ...main })).toEqual([]);
});

test('no script of a deployment pushes the schema', async () => {
  const pushing = async (scripts: Record<string, string>) => {
    const { findings } = await check({ 'package.json': JSON.stringify({ scripts }) });
    return findings.filter(({ rule }) => rule === 'schema-pushed-by-script').map(({ what }) => what);
  };
  expect(await pushing({ start: 'drizzle-kit push && node dist/index.js' })).toEqual([
    'the script start runs drizzle-kit push: drizzle-kit push && node dist/index.js',
  ]);
  expect(
    await pushing({ 'db:push': 'npx drizzle-kit push --force', deploy: 'npm run build && npm run db:push' }),
  ).toEqual([
    'the script deploy runs drizzle-kit push through the script db:push: npx drizzle-kit push --force',
  ]);
  expect(await pushing({ build: 'drizzle-kit generate && vite build' })).toEqual([
    'the script build runs drizzle-kit generate: drizzle-kit generate && vite build',
  ]);
  expect(
    await pushing({ postbuild: 'npm run push', push: 'drizzle-kit push:pg', build: 'vite build' }),
  ).toHaveLength(1);
  expect(
    await pushing({
      'db:push': 'drizzle-kit push',
      'build:test': 'npm run db:push',
      dev: 'drizzle-kit push && tsx a.ts',
    }),
  ).toEqual([]);
});

test('the script start is for production', async () => {
  const starts = async (start: string) =>
    places('start-runs-sources', { 'package.json': JSON.stringify({ scripts: { start } }) });
  for (const script of [
    'NODE_ENV=development node dist/index.js',
    'node --watch dist/index.js',
    'nodemon dist/index.js',
  ])
    expect(await starts(script)).toHaveLength(1);
  expect(await starts('NODE_ENV=production node dist/index.js')).toEqual([]);
});

test('a script runs the tests', async () => {
  const missing = async (scripts: Record<string, string>) =>
    places('tests-missing', { 'package.json': JSON.stringify({ scripts }) });
  expect(await missing({ test: 'echo "Error: no test specified" && exit 1' })).toHaveLength(1);
  expect(await missing({ build: 'vite build' })).toHaveLength(1);
  expect(await missing({ 'test:unit': 'vitest run' })).toEqual([]);
});

test('the client requests no server on localhost', async () => {
  const wrong = [
    "await fetch('http://localhost:5000/api/entries');",
    "const API_URL = 'http://127.0.0.1:5000';",
    "axios.create({ baseURL: 'http://localhost:5000' });",
    "new WebSocket('ws://localhost:5000/ws');",
  ];
  const right = [
    "await fetch('/api/entries');",
    "const API_BASE = import.meta.env.VITE_API_URL || 'http://localhost:5000';",
    "const SERVER = import.meta.env.DEV ? 'http://localhost:5000' : '';",
    "if (import.meta.env.DEV) await fetch('http://localhost:5000/debug');",
    "const example = 'http://localhost:5000';",
    "input({ placeholder: 'http://localhost:5000' });",
  ];
  const text = [...wrong, ...right].join('\n');
  const agent = { 'client/src/print-agent.ts': "await fetch('http://localhost:9100/print');" };
  expect(await places('client-calls-localhost', { 'client/src/main.tsx': text, ...agent })).toEqual(
    wrong.map((_, index) => `client/src/main.tsx:${index + 1}`),
  );
});
