import { expect, test } from 'vitest';
import { check, type Files, places } from './support';

const server = (setup: string, more: Files = {}): Files => ({
  'server/index.ts': `import express from 'express';
import helmet from 'helmet';
const app = express();
${setup}
app.get('/api/entries', (request, response) => response.json([]));
app.listen(8080);`,
  ...more,
});
const header = (policy: string) =>
  `app.use((request, response, next) => { response.set({ 'Content-Security-Policy': "${policy}", 'X-Content-Type-Options': 'nosniff', 'Strict-Transport-Security': 'max-age=31536000' }); next(); });`;
const helmetWith = (sources: string) =>
  `app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["'self'", ${sources}] } } }));`;

test.each([
  ['code from text', helmetWith(`"'unsafe-eval'"`)],
  ['inline scripts', helmetWith(`"'unsafe-inline'"`)],
  ['every host', header("default-src *; object-src 'none'")],
  ['every host with TLS', header("default-src 'self'; script-src 'self' https:")],
  ['no policy of helmet', 'app.use(helmet({ contentSecurityPolicy: false }));'],
])('a policy is loose: %s', async (_, setup) => {
  expect(await places('content-policy-loose', server(setup))).toEqual(['server/index.ts:4']);
});

test.each([
  ['the defaults of helmet', 'app.use(helmet());'],
  ['a host', helmetWith("'https://js.stripe.com'")],
  ['a nonce beside inline scripts', header("script-src 'self' 'nonce-abc' 'unsafe-inline'")],
  ['strict-dynamic', header("script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'")],
  [
    'inline styles and images of all hosts',
    header("default-src 'self'; style-src 'unsafe-inline'; img-src *"),
  ],
  ['WebAssembly', helmetWith(`"'wasm-unsafe-eval'"`)],
  [
    'a loose policy in development',
    `app.use(helmet({ contentSecurityPolicy: process.env.NODE_ENV === 'production' ? undefined : false }));`,
  ],
])('a policy is strict: %s', async (_, setup) => {
  const { findings } = await check(server(setup));
  const rules = findings.map(({ rule }) => rule);
  expect(rules).not.toContain('content-policy-loose');
  expect(rules).not.toContain('security-headers-missing');
});

test('the policy of a page counts', async () => {
  const page = (policy: string) => ({
    'client/index.html': `<meta http-equiv="Content-Security-Policy" content="${policy}">\n<script type="module" src="/src/main.tsx"></script>`,
  });
  expect(await places('content-policy-loose', server('', page("default-src 'self' 'unsafe-eval'")))).toEqual([
    'client/index.html:1',
  ]);
  const { findings } = await check(server('', page("default-src 'self'")));
  expect(findings.filter(({ rule }) => rule === 'security-headers-missing')).toMatchObject([
    { severity: 'note', what: 'the server does not set X-Content-Type-Options or Strict-Transport-Security' },
  ]);
});

test('a policy that only reports protects nobody', async () => {
  const missing = async (setup: string) =>
    (await check(server(setup))).findings.filter(({ rule }) => rule === 'security-headers-missing');
  const reporting = header("default-src 'self'").replace('Security-Policy', 'Security-Policy-Report-Only');
  expect(await missing(reporting)).toMatchObject([
    { what: 'the server does not set Content-Security-Policy' },
  ]);
  expect(await missing(`${reporting} ${header("default-src 'self'")}`)).toEqual([]);
});

const helmetOptions = (options: string) => `app.use(helmet({ ${options} }));`;
const framed = (sources: string) =>
  helmetOptions(`contentSecurityPolicy: { directives: { frameAncestors: [${sources}] } }`);

test.each([
  ['every site', framed("'*'")],
  ['every site with TLS', framed(`"'self'", 'https:'`)],
  ['a header', header("default-src 'self'; frame-ancestors *")],
  ['a header of its own', header('frame-ancestors https:')],
  ['neither option', helmetOptions('contentSecurityPolicy: false, frameguard: false')],
  ['the other name', helmetOptions('contentSecurityPolicy: false, xFrameOptions: false')],
  [
    'no directive',
    helmetOptions('contentSecurityPolicy: { directives: { frameAncestors: null } }, frameguard: false'),
  ],
])('other sites can show the pages in a frame: %s', async (_, setup) => {
  expect(await places('framing-allowed', server(setup))).toEqual(['server/index.ts:4']);
});

test.each([
  ['the defaults of helmet', 'app.use(helmet());'],
  ['one site', framed(`"'self'", 'https://partner.example', 'https://*.example.com'`)],
  ['the policy has the directive', helmetOptions('frameguard: false')],
  ['frameguard alone', helmetOptions('contentSecurityPolicy: false')],
  [
    'another header',
    `${helmetOptions('contentSecurityPolicy: false, frameguard: false')} app.use((_, r, next) => next(r.set('X-Frame-Options', 'DENY')));`,
  ],
  ['images of every site', header("default-src 'self'; img-src *; frame-ancestors 'none'")],
  ['no headers at all', ''],
])('other sites cannot show the pages in a frame: %s', async (_, setup) => {
  expect(await places('framing-allowed', server(setup))).toEqual([]);
});

test('a module with pages to embed gets a note', async () => {
  const { findings } = await check(server(`const embedded = true; ${framed("'*'")}`));
  expect(findings.find(({ rule }) => rule === 'framing-allowed')).toMatchObject({ severity: 'note' });
});
