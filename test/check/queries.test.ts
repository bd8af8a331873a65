import { expect, test } from 'vitest';
import { type Files, places } from './support';

const files = (setup: string, route: string): Files => ({
  'server/index.ts': `import express from 'express';
import { db, pool } from './db';
import { routes } from './routes/entries';
const app = express();
${setup}
app.use('/api', routes);
app.listen(8080);`,
  'server/db.ts':
    "import pg from 'pg';\nimport { drizzle } from 'drizzle-orm/node-postgres';\nexport const pool = new pg.Pool();\nexport const db = drizzle(pool);",
  'server/routes/entries.ts': `import { Router } from 'express';
export const routes = Router();
routes.get('/entries', async (request, response) => {
  ${route}
});`,
});
const middleware = (body: string) => `app.use((request, response, next) => { ${body} next(); });`;

test.each([
  ['app.locals', 'app.locals.db = db;', 'await request.app.locals.db.select();'],
  [
    'a destructured app.locals',
    'app.locals.pool = pool;',
    "const { pool } = request.app.locals; await pool.query('SELECT 2');",
  ],
  [
    'Object.assign',
    'Object.assign(app.locals, { db });',
    'await request.app.locals.db.query.entries.findMany();',
  ],
  ['the request', middleware('(request as any).db = db;'), 'await (request as any).db.insert(1);'],
  [
    'the response',
    middleware('response.locals.db = db;'),
    'const db = response.locals.db; await db.delete(1);',
  ],
  ['a setting', "app.set('db', pool);", "const pool = request.app.get('db'); await pool.query('SELECT 2');"],
])('a route queries a database of %s', async (_, setup, route) => {
  expect(await places('query-outside-repository', files(setup, route))).toEqual([
    'server/routes/entries.ts:4',
  ]);
});

test.each([
  [
    'a repository of app.locals',
    'app.locals.entries = { select: () => db.execute(1) };',
    'await request.app.locals.entries.select();',
  ],
  [
    'a property of the same name that holds no database',
    'app.locals.db = { query: () => [] };',
    'request.app.locals.db.query();',
  ],
  ['a method of the request', 'app.locals.db = db;', "request.accepts('json'); response.locals.update?.();"],
  ['a test of the connection', 'app.locals.pool = pool;', "await request.app.locals.pool.query('SELECT 1');"],
])('a route queries no database: %s', async (_, setup, route) => {
  const found = await places('query-outside-repository', files(setup, route));
  expect(found.filter((place) => place.startsWith('server/routes'))).toEqual([]);
});

test('a template is a query', async () => {
  const route = (driver: string, text: string) => ({
    'server/index.ts': `import express from 'express';\n${driver}\nconst app = express();\napp.get('/a', async (_, response) => response.json(await sql\`${text}\`));\napp.listen(8080);`,
  });
  const drivers = [
    "import postgres from 'postgres';\nconst sql = postgres(process.env.DATABASE_URL);",
    "import { neon } from '@neondatabase/serverless';\nconst sql = neon(process.env.DATABASE_URL);",
  ];
  for (const driver of drivers) {
    expect(await places('query-outside-repository', route(driver, 'SELECT 2'))).toEqual([
      'server/index.ts:5',
    ]);
    expect(await places('query-outside-repository', route(driver, 'SELECT 1'))).toEqual([]);
  }
  const drizzle = "import { sql } from 'drizzle-orm';";
  expect(await places('query-outside-repository', route(drizzle, 'SELECT 2'))).toEqual([]);
});

test('a repository that another module exports again is still a repository', async () => {
  const repository = (imported: string) => ({
    'server/index.ts':
      "import express from 'express';\nimport { routes } from './routes/entries';\nexpress().use(routes).listen(8080);",
    'server/repositories/entryRepository.ts': 'export const EntryRepository = { get: () => 1 };',
    'server/services/index.ts':
      "export { EntryRepository } from '../repositories/entryRepository';\nexport { EntryService } from './entryService';",
    'server/services/entryService.ts':
      "import { EntryRepository } from '../repositories/entryRepository';\nexport const EntryService = { get: () => EntryRepository.get() };",
    'server/routes/entries.ts': `import { Router } from 'express';\nimport { ${imported} } from '../services';\nexport const routes = Router().get('/', (_, response) => response.json(${imported}.get()));`,
  });
  expect(await places('repository-outside-service', repository('EntryRepository'))).toEqual([
    'server/routes/entries.ts:2',
  ]);
  expect(await places('repository-outside-service', repository('EntryService'))).toEqual([]);
});
