import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkApplication } from '../../lib/check/check-application';
import { placeText } from '../../lib/check/finding';

const guestbook = join(__dirname, '..', '..', 'examples', 'guestbook');
let clean: string;
beforeAll(() => {
  clean = copyOf(guestbook);
});
afterAll(() => rmSync(clean, { recursive: true }));

function copyOf(directory: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guestbook-')));
  cpSync(directory, folder, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist)([\\/]|$)/.test(path.slice(directory.length)),
  });
  return folder;
}

/** A file's whole text, or pairs of texts to replace. */
type Change = string | Buffer | readonly [from: string, to: string];

function broken(changes: Readonly<Record<string, Change>>): string {
  const folder = copyOf(clean);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, change] of Object.entries(changes)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (!Array.isArray(change)) writeFileSync(path, change as string);
    else {
      const text = readFileSync(path, 'utf8');
      const [from, to] = change as [string, string];
      if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
    }
  }
  return folder;
}

const first = '// @framework Framework 5.3\n';
const key = ['AKIA', 'J7QK3HZPX5LMNOPQ'].join('');

test('the guestbook has no findings', async () => {
  expect(await checkApplication(clean)).toEqual({ findings: [], suppressed: [] });
});

const ways: Record<string, [changes: Record<string, Change>, rule: string, place: RegExp]> = {
  'the client imports the server': [
    {
      'client/src/api.ts': [
        first,
        `${first}import { logger } from '../../server/logger';\nlogger.info({});\n`,
      ],
    },
    'client-imports-server',
    /^client\/src\/api\.ts:2$/,
  ],
  'a shared module needs the server': [
    {
      'shared/api.ts': [
        first,
        `${first}import { createHash } from 'node:crypto';\nexport const hash = createHash('md5');\n`,
      ],
    },
    'client-imports-server-only-shared',
    /^shared\/api\.ts:2$/,
  ],
  'the client imports a driver': [
    {
      'client/src/api.ts': [first, `${first}import { Pool } from '@neondatabase/serverless';\nnew Pool();\n`],
    },
    'client-imports-server-package',
    /^client\/src\/api\.ts:2$/,
  ],
  'the server imports the client': [
    {
      'server/http.ts': [
        first,
        `${first}import { fetchEnvironment } from '../client/src/api';\nfetchEnvironment();\n`,
      ],
    },
    'server-imports-client',
    /^server\/http\.ts:2$/,
  ],
  'a key in the client': [
    { 'client/src/api.ts': [first, `${first}export const key = '${key}';\n`] },
    'secret-in-client',
    /^client\/src\/api\.ts:2$/,
  ],
  'a key in the server': [
    { 'server/http.ts': [first, `${first}export const key = '${key}';\n`] },
    'secret-in-source',
    /^server\/http\.ts:2$/,
  ],
  'a secret among the variables of Vite': [
    { 'client/src/api.ts': [first, `${first}export const key = import.meta.env.VITE_SESSION_SECRET;\n`] },
    'secret-in-client-variable',
    /^client\/src\/api\.ts:2$/,
  ],
  'a .env that git would take': [
    { '.env': 'SESSION_SECRET=abc', '.gitignore': 'node_modules/\ndist/\n' },
    'env-file-committed',
    /^\.env:1$/,
  ],
  'dist that git would take': [{ '.gitignore': 'node_modules/\n.env\n' }, 'dist-tracked', /^\.gitignore$/],
  'a package that is missing': [
    { 'server/http.ts': [first, `${first}import helmet from 'helmet';\nhelmet();\n`] },
    'dependency-missing',
    /^server\/http\.ts:2$/,
  ],
  'a package in the wrong group': [
    {
      'package.json': [
        '"wouter": "3.13.0"\n  },\n  "serverDependencies": {',
        '"wouter": "3.13.0",\n    "express": "5.3.0"\n  },\n  "serverDependencies": {',
      ],
    },
    'dependency-misplaced',
    /^package\.json:\d+$/,
  ],
  'a package of one side for both': [
    { 'package.json': ['"zod": "4.6.7"\n', '"zod": "4.6.7",\n    "wouter": "3.13.0"\n'] },
    'dependency-misplaced',
    /^package\.json:\d+$/,
  ],
  'a package that nothing uses': [
    { 'package.json': ['"zod": "4.6.7"\n', '"zod": "4.6.7",\n    "left-pad": "1.3.0"\n'] },
    'dependency-unused',
    /^package\.json:\d+$/,
  ],
  'a variable without documentation': [
    { 'server/http.ts': [first, `${first}console.log(process.env.MAIL_SENDER);\n`] },
    'variable-undocumented',
    /^server\/http\.ts:2$/,
  ],
  'a documented variable that nothing reads': [
    { '.env.example': ['SESSION_SECRET=\n', 'SESSION_SECRET=\nSTRIPE_SECRET_KEY=\n'] },
    'variable-unread',
    /^\.env\.example:\d+$/,
  ],
  'a key of one environment alone': [
    {
      'config/production.ts': [
        "logging: { level: 'info',",
        "mail: { sender: 'a' },\n  logging: { level: 'info',",
      ],
    },
    'config-keys-differ',
    /^config\/production\.ts:\d+$/,
  ],
  'an environment that the service forgets': [
    {
      'config/index.ts': ["import test from './test';", 'const test = {};'],
    },
    'config-service-missing',
    /^config\/index\.ts$/,
  ],
  'a configuration that is the same everywhere': [
    {
      'config/index.ts': [
        "configFor(process.env.APP_ENV || process.env.NODE_ENV || 'development')",
        "configFor('development')",
      ],
    },
    'config-service-missing',
    /^config\/index\.ts$/,
  ],
  'one script for both builds': [
    { 'package.json': ['"build": "npm run build:client && npm run build:server"', '"build": "vite build"'] },
    'build-scripts',
    /^package\.json:\d+$/,
  ],
  'source maps': [
    { 'vite.config.ts': ['emptyOutDir: true,', 'emptyOutDir: true,\n    sourcemap: true,'] },
    'source-maps-published',
    /^vite\.config\.ts:\d+$/,
  ],
  'names without a hash': [
    {
      'vite.config.ts': [
        'emptyOutDir: true,',
        "emptyOutDir: true,\n    rollupOptions: { output: { entryFileNames: 'assets/[name].js' } },",
      ],
    },
    'assets-not-hashed',
    /^vite\.config\.ts:\d+$/,
  ],
  'a large image': [
    { 'client/src/images/photo.png': Buffer.alloc(300_000) },
    'image-large',
    /^client\/src\/images\/photo\.png$/,
  ],
  'pages that are loaded at once': [
    {
      'client/src/app.tsx': [
        "lazy(() => import('./pages/accountPage'))",
        'lazy(async () => ({ default: () => null }))',
      ],
    },
    'code-not-split',
    /^client\/src\/pages$/,
  ],
  'no banner': [
    {
      'client/src/components/environmentBanner.tsx': `${first}export const EnvironmentBanner = () => null;\n`,
    },
    'environment-indicator-missing',
    /^client$/,
  ],
  'a banner in production alone': [
    {
      'client/src/components/environmentBanner.tsx': [
        "environment === 'production'",
        "environment !== 'production'",
      ],
    },
    'environment-indicator-missing',
    /^client$/,
  ],
  'a query in a route': [
    {
      'server/routes/entries.ts': [
        first,
        `${first}import { users } from '@shared/schema';\nimport { db } from '../db';\nexport const all = () => db.select().from(users);\n`,
      ],
    },
    'query-outside-repository',
    /^server\/routes\/entries\.ts:4$/,
  ],
  'a repository in a route': [
    {
      'server/routes/entries.ts': [
        first,
        `${first}import { EntryRepository } from '../repositories/entryRepository';\nEntryRepository.get(1);\n`,
      ],
    },
    'repository-outside-service',
    /^server\/routes\/entries\.ts:2$/,
  ],
  'a pool that is too large': [
    { 'server/db.ts': ['isProd ? 20 : 5', 'isProd ? 200 : 5'] },
    'pool-too-large',
    /^server\/db\.ts:\d+$/,
  ],
  'a pool without a handler of errors': [
    { 'server/db.ts': ["pool.on('error'", "pool.on('connect'"] },
    'pool-error-unhandled',
    /^server\/db\.ts:\d+$/,
  ],
  'sessions in memory': [
    { 'server/session.ts': ['      store,\n', ''] },
    'sessions-in-memory',
    /^server\/session\.ts:\d+$/,
  ],
  'a cookie without encryption': [
    { 'server/session.ts': ['secure: secureCookie', 'secure: false'] },
    'session-cookie-insecure',
    /^server\/session\.ts:\d+$/,
  ],
  'a cookie without encryption in production': [
    { 'config/production.ts': ['secureCookie: true', 'secureCookie: false'] },
    'session-cookie-insecure',
    /^config\/production\.ts:\d+$/,
  ],
  'a cookie for scripts': [
    { 'server/session.ts': ['httpOnly: true', 'httpOnly: false'] },
    'session-cookie-insecure',
    /^server\/session\.ts:\d+$/,
  ],
  'a session without end': [
    { 'server/session.ts': [', maxAge: idleTimeout', ''] },
    'session-without-timeout',
    /^server\/session\.ts:\d+$/,
  ],
  'CORS for all': [
    {
      'server/app.ts': [
        "'X-Content-Type-Options': 'nosniff'",
        "'Access-Control-Allow-Origin': '*', 'X-Content-Type-Options': 'nosniff'",
      ],
    },
    'cors-open',
    /^server\/app\.ts:\d+$/,
  ],
  'a route that asks nobody': [
    {
      'server/routes/entries.ts': [
        '  await EntryService.remove(validate(entryIdSchema, request.params.id), userId);',
        '  await EntryService.remove(1, 1);',
      ],
    },
    'route-without-authorization',
    /^server\/routes\/entries\.ts:\d+$/,
  ],
  'an annotation of the former framework': [
    { 'server/http.ts': [first, '// @framework Framework 5.2\n'] },
    'annotation-outdated',
    /^server\/http\.ts:1$/,
  ],
};

test.each(Object.entries(ways))('a guestbook with %s has the finding', async (_, [changes, rule, place]) => {
  const folder = broken(changes);
  if (rule === 'route-without-authorization') {
    const file = join(folder, 'server/routes/entries.ts');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/(entries\.delete[^\n]*\n) *const userId[^\n]*\n/, '$1'),
    );
  }
  const { findings } = await checkApplication(folder);
  expect(findings.map((finding) => `${finding.rule} ${placeText(finding)}`)).toContainEqual(
    expect.stringMatching(new RegExp(`^${rule} ${place.source.slice(1)}`)),
  );
  // One mistake is reported by one rule only.
  expect(findings.length).toBeLessThan(4);
});

test('the check reads what git tracks', async () => {
  const folder = broken({ '.env': 'SESSION_SECRET=abc', 'dist/index.js': '' });
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '-q');
  expect((await checkApplication(folder)).findings).toEqual([]);
  git('add', '-f', '.env', 'dist/index.js');
  const { findings } = await checkApplication(folder);
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
    ['env-file-committed', 'warning'],
    ['dist-tracked', 'warning'],
  ]);
});

test('a guestbook with many faults has all findings', async () => {
  const stripe = ['sk_', 'live_', '4eC39HqLyjWDarjtT1zdp7dc'].join('');
  const payload = Buffer.from('{"role":"service_role","iss":"supabase"}').toString('base64url');
  const folder = broken({
    'client/src/api.ts': [
      first,
      `${first}import { logger } from '/../server/logger';
import { errorCode } from '@srv/errors';
export const key = '${stripe}'; // for example
export const role = 'eyJhbGciOiJIUzI1NiJ9.${payload}.dBjftJeZ4CVPmB92K27uhbUJU1p1r';
logger.info({ code: errorCode(null), admin: import.meta.env.VITE_ADMIN_TOKEN });
`,
    ],
    'client/index.html': [
      '</body>',
      '<script type="module">\nimport "../server/password.ts";\n</script></body>',
    ],
    'client/src/styles.css': "@import 'normalize.css/normalize.css';\n",
    'client/src/images/logo.svg': Buffer.alloc(300_000),
    'shared/api.ts': [
      first,
      `${first}const { SESSION_SECRET } = process.env;\nexport const s = SESSION_SECRET;\n`,
    ],
    'client/src/app.tsx': ['<EnvironmentBanner />', ''],
    'vite.config.ts': [
      "alias: { '@shared': `${import.meta.dirname}/shared` } },\n  build: {",
      `alias: [
    { find: /^@srv\\//, replacement: \`\${import.meta.dirname}/server/\` },
    { find: '@shared', replacement: \`\${import.meta.dirname}/shared\` },
  ] },
  define: {
    'globalThis.url': JSON.stringify(
      process.env.DATABASE_URL,
    ),
  },
  build: {
    rollupOptions: { treeshake: false, output: { entryFileNames: () => 'app.js' } },`,
    ],
    'package.json': ['"build": "npm run build:client &&', '"build": "npm run build:client -- --sourcemap &&'],
    'client/public/old.js.map': '{}',
    'drizzle.config.ts': `export default { url: 'postgres://app:${'Zx81kkq2'}@db.corp.io/x' };\n`,
    'server/password.ts': [first, `${first}export const adminPassword = 'Sup3rGuest';\n`],
    'production.env': 'SESSION_SECRET=f8a7s6df87as6df\n',
    'config/production.ts': ['poolSize: 20', 'poolSize: 200'],
    'server/session.ts': ['maxAge: idleTimeout', 'maxAge: 365 * 24 * 60 * 60_000'],
  });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  manifest.serverDependencies['@types/ws'] = '8.18.2';
  manifest.serverDependencies['pg'] = '8.16.3';
  manifest.clientDependencies['zod'] = manifest.dependencies.zod;
  delete manifest.dependencies.zod;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const { findings } = await checkApplication(folder);
  expect(
    findings.map((finding) => `${finding.severity} ${finding.rule} ${placeText(finding)}`).sort(),
  ).toMatchInlineSnapshot(`
    [
      "error client-imports-server client/index.html:15",
      "error client-imports-server client/src/api.ts:2",
      "error client-imports-server client/src/api.ts:3",
      "error secret-in-client client/src/api.ts:4",
      "error secret-in-client client/src/api.ts:5",
      "error secret-in-client-variable client/src/api.ts:6",
      "error secret-in-client-variable vite.config.ts:15",
      "note dependency-unused package.json:38",
      "warning assets-not-hashed vite.config.ts:19",
      "warning dependency-misplaced package.json:29",
      "warning dependency-misplaced package.json:37",
      "warning dependency-missing client/src/styles.css:1",
      "warning env-file-committed production.env:1",
      "warning environment-indicator-missing client",
      "warning image-large client/src/images/logo.svg",
      "warning minify-off vite.config.ts:19",
      "warning pool-too-large config/production.ts:12",
      "warning schema-pushed drizzle.config.ts",
      "warning secret-hard-coded server/password.ts:2",
      "warning secret-in-client-variable shared/api.ts:2",
      "warning secret-in-source drizzle.config.ts:1",
      "warning secret-logged client/src/api.ts:6",
      "warning session-without-timeout server/session.ts:26",
      "warning source-maps-published client/public/old.js.map",
      "warning source-maps-published package.json:15",
      "warning variable-undocumented client/src/api.ts:6",
    ]
  `);
});
