import { expect, test } from 'vitest';
import { check, type Files, places } from './support';

const server = (options: string, before = ''): Files => ({
  'server/index.ts': `import express from 'express';
import session from 'express-session';
import { store } from './store';
${before}
const app = express();
app.use(session({ store, ${options} }));
app.listen(8080);`,
  'server/store.ts': "import pg from 'connect-pg-simple';\nexport const store = pg({});",
});
const cookie = (flags: string) =>
  `secret: process.env.SESSION_SECRET, cookie: { secure: true, maxAge: 60_000, ${flags} }`;
const severities = async (files: Files, rule: string) =>
  (await check(files)).findings.filter((each) => each.rule === rule).map(({ severity }) => severity);

test.each([
  ["sameSite: 'none'", ['warning']],
  ["sameSite: process.env.NODE_ENV === 'production' ? 'none' : 'lax'", ['warning']],
  ['sameSite: false', ['note']],
  ['', ['note']],
  ["sameSite: 'lax'", []],
  ['sameSite: true', []],
  ["sameSite: process.env.NODE_ENV === 'production' ? 'strict' : 'none'", []],
])('a session cookie with %s', async (flags, expected) => {
  expect(await severities(server(cookie(flags)), 'session-cookie-cross-site')).toEqual(expected);
});

test('a cookie of the server itself may be sent by other sites', async () => {
  const files = (sameSite: string) => ({
    'server/index.ts': `import express from 'express';
const app = express();
app.post('/login', (request, response) => {
  response.cookie('token', '', { secure: true, httpOnly: true, ${sameSite} });
});
app.listen(8080);`,
  });
  expect(await places('session-cookie-cross-site', files("sameSite: 'none'"))).toEqual(['server/index.ts:4']);
  expect(await places('session-cookie-cross-site', files("sameSite: 'lax'"))).toEqual([]);
  expect(await places('session-cookie-cross-site', files(''))).toEqual([]);
});

test('a package with tokens protects a cookie of other sites', async () => {
  const before = "import { csrfSync } from 'csrf-sync';\ncsrfSync();";
  expect(await places('session-cookie-cross-site', server(cookie("sameSite: 'none'"), before))).toEqual([]);
});

test('a constant or a variable may make the cookie insecure', async () => {
  const insecure = (before: string, secure: string) =>
    places('session-cookie-insecure', server(`cookie: { secure: ${secure}, maxAge: 1 }`, before));
  expect(await insecure('const SECURE = false;', 'SECURE')).toEqual(['server/index.ts:6']);
  expect(await insecure('const flags = { secure: false };', 'flags.secure')).toEqual(['server/index.ts:6']);
  expect(await insecure('let secure = true;', 'secure')).toEqual([]);
});

test('a fallback of the secret is a warning, unless the server refuses to start without the variable', async () => {
  const secret = "secret: process.env.SESSION_SECRET || 'keyboard cat'";
  expect(await severities(server(secret), 'secret-hard-coded')).toEqual(['warning']);
  const insists = "if (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET is missing');";
  expect(await severities(server(secret, insists), 'secret-hard-coded')).toEqual([]);
  const inDevelopment =
    "secret: process.env.SESSION_SECRET || (process.env.NODE_ENV === 'production' ? '' : 'keyboard cat')";
  expect(await severities(server(inDevelopment), 'secret-hard-coded')).toEqual([]);
});

test('a session gets a new id when its user signs in', async () => {
  const signIn = (body: string) =>
    places('session-id-kept', {
      ...server(
        "secret: process.env.SESSION_SECRET, cookie: { secure: true, maxAge: 1, sameSite: 'lax' }",
        "import { signIn } from './routes';\nexpress().post('/login', signIn);",
      ),
      'server/routes.ts': `export const signIn = (req, res) => {\n  ${body}\n};`,
    });
  expect(await signIn('req.session.userId = req.body.id;')).toEqual(['server/routes.ts:2']);
  expect(await signIn('(req.session as any).user = req.body.user;')).toEqual(['server/routes.ts:2']);
  expect(await signIn('req.session.regenerate(() => { req.session.userId = 1; });')).toEqual([]);
  expect(await signIn('req.session.userId = undefined; req.session.views = 1;')).toEqual([]);
});
