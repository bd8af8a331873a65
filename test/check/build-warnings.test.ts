import { expect, test } from 'vitest';
import { checkApplication } from '../../lib/check/check-application';
import { check, type Files, folderOf, places, small } from './support';

const server = (setup: string): Files => ({
  'server/index.ts': `import express from 'express';
import session from 'express-session';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { store } from './store';
const db = drizzle(process.env.DATABASE_URL!);
const app = express();
${setup}
app.listen(8080);`,
  'server/store.ts': "import pg from 'connect-pg-simple';\nexport const store = pg({});",
});
const secure =
  "app.use(session({ store, secret: process.env.SESSION_SECRET, cookie: { secure: true, maxAge: 1, sameSite: 'lax' } }));";

test('a server that changes the schema is found, unless its role may', async () => {
  const migrates = server("await migrate(db, { migrationsFolder: 'migrations' });");
  expect(await places('migrates-itself', migrates)).toEqual(['server/index.ts:8']);
  const creates = server("await db.execute('CREATE TABLE IF NOT EXISTS a (b int)');");
  expect(await places('changes-schema', creates)).toEqual(['server/index.ts:8']);
  const inDevelopment = server("if (process.env.NODE_ENV !== 'production') await migrate(db, {});");
  expect(await places('migrates-itself', inDevelopment)).toEqual([]);
  const owner = { database: { poolSize: 20, applicationRole: 'owner' } } as never;
  const { findings } = await checkApplication(folderOf({ ...small, ...migrates }), owner);
  expect(findings.map(({ rule }) => rule)).not.toContain('migrates-itself');
});

test('a secure cookie needs a trusted proxy, in the code and in the configuration', async () => {
  const rule = 'secure-cookie-without-proxy';
  expect(await places(rule, server(secure))).toEqual(['server/index.ts:8']);
  expect(await places(rule, server(`app.set('trust proxy', 1); ${secure}`))).toEqual([]);
  const configured = (trustProxy: boolean) => ({
    ...server(`app.set('trust proxy', JSON.parse(process.env.CONFIG!).trustProxy); ${secure}`),
    'config/production.ts': `export default {\n  server: {\n    trustProxy: ${trustProxy},\n  },\n};`,
  });
  expect(await places(rule, configured(false))).toEqual(['config/production.ts:3']);
  expect(await places(rule, configured(true))).toEqual([]);
});

test('migrations that the build refuses are found', async () => {
  const files = (journal: string): Files => ({
    ...server(''),
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', out: './migrations', schema: './schema.ts' };",
    'migrations/0000_first.sql': 'CREATE TABLE a (b int);',
    ...(journal && { 'migrations/meta/_journal.json': journal }),
  });
  const journal = (...tags: string[]) => JSON.stringify({ entries: tags.map((tag) => ({ tag, when: 1 })) });
  expect(await places('migrations-incomplete', files(journal('0000_first')))).toEqual([]);
  expect(await places('migrations-incomplete', files(journal('0000_first', '0001_second')))).toEqual([
    'migrations/0001_second.sql',
  ]);
  expect(await places('migrations-incomplete', files(''))).toEqual(['migrations/0000_first.sql']);
});

test('a session cookie may depend on a variable only if the settings give its value', async () => {
  const files = server(secure.replace('secure: true', "secure: process.env.COOKIE_SECURE === 'true'"));
  const { findings } = await check(files);
  expect(findings.filter(({ rule }) => rule === 'session-cookie-insecure')).toMatchObject([
    { line: 8, what: 'the session cookie is not secure unless COOKIE_SECURE has a value' },
  ]);
  const settings = { application: { environment: { COOKIE_SECURE: 'true' } } } as never;
  const given = await checkApplication(folderOf({ ...small, ...files }), settings);
  expect(given.findings.map(({ rule }) => rule)).not.toContain('session-cookie-insecure');
  const always = server(secure.replace('secure: true', "secure: process.env.COOKIE_SECURE !== 'false'"));
  expect(await places('session-cookie-insecure', always)).toEqual([]);
});
