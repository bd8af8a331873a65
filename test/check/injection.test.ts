import { expect, test } from 'vitest';
import { check, type Files } from './support';

const start = `import express from 'express';
import { exec, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
const app = express();
const pool = new pg.Pool();
const db = drizzle(pool);
const columns = { name: 'name', age: 'age' };
const run = promisify(exec);
const search = (text: string) => db.execute(sql.raw(\`SELECT * FROM a WHERE b = '\${text}'\`));
const page = (size: number) => pool.query(\`SELECT * FROM a LIMIT \${size}\`);
const entryOf = (id: string) => pool.query('SELECT * FROM a WHERE id = $1', [id]);
const input = z.object({ name: z.string(), size: z.number() });
const safe = (value: string) => pool.query(\`SELECT * FROM a WHERE b = '\${value.replace(/'/g, "''")}'\`);
`;

/** Returns the statements in which the rule finds something; each stands in a handler of its own. */
async function injected(statements: readonly string[], more: Files = {}): Promise<string[]> {
  const routes = statements.map((each) => `app.get('/x', async (req, res) => { ${each} });`);
  const server = `${start}${routes.join('\n')}\napp.listen(8080);`;
  const { findings } = await check({ 'server/index.ts': server, ...more });
  const lines = findings.filter(({ rule }) => rule === 'request-value-injected').map(({ line }) => line!);
  const first = start.split('\n').length;
  // A finding may be in a function that the statement calls.
  return lines.map((line) => statements[line - first] ?? start.split('\n')[line - 1]!).sort();
}

test('a value of a request in a query, a command, code, a path or a redirect is found', async () => {
  const statements = [
    "await pool.query('SELECT * FROM a WHERE b = ' + req.query.b);",
    'const { sort } = req.query; await pool.query(`SELECT * FROM a ORDER BY ${sort}`);',
    "let text = 'SELECT * FROM a'; if (req.query.b) text += ` WHERE b = '${req.query.b}'`; await pool.query(text);",
    'await pool.query({ text: `DELETE FROM a WHERE id = ${req.params.id}`, values: [] });',
    'const client = await pool.connect(); await client.query(`SELECT ${String(req.body.column).trim()} FROM a`);',
    'await db.transaction(async (tx) => tx.execute(`UPDATE a SET b = 1 WHERE id = ${req.params.id}`));',
    "const ids = req.body.ids; await pool.query(`SELECT * FROM a WHERE id IN (${ids.map((id) => `'${id}'`).join(',')})`);",
    'await run(`convert ${req.body.file} out.png`);',
    "res.send(eval(req.query.sum ?? '1'));",
    "res.sendFile(path.join('/data', req.params.name));",
    'fs.readFile(`/data/${req.query.file}`, () => res.end());',
    'res.send(await fs.promises.readFile(`/data/${req.query.name}`));',
    "res.redirect(req.query.next || '/');",
  ];
  expect(await injected(statements)).toEqual([...statements].sort());
});

test('a value of a request is found through functions, schemas and other modules', async () => {
  const found = await injected(
    ['await search(String(req.query.q));', 'const { name } = input.parse(req.body); await find(name);'].map(
      (each) => `const { find } = await import('./repository'); ${each}`,
    ),
    {
      'server/repository.ts':
        "import { sql } from 'drizzle-orm';\nimport { drizzle } from 'drizzle-orm/node-postgres';\nconst db = drizzle(process.env.DATABASE_URL!);\nexport const find = async (name: string) => db.execute(sql.raw(`SELECT * FROM users WHERE name = '${name}'`));",
    },
  );
  expect(found.length).toBe(2);
});

test('parameters, numbers, constants and checked values are fine', async () => {
  const statements = [
    "await pool.query('SELECT * FROM a WHERE b = $1', [req.query.b]);",
    'await db.execute(sql`SELECT * FROM a WHERE b = ${req.query.b}`);',
    'await pool.query(`SELECT * FROM a LIMIT ${Number(req.query.limit)}`);',
    'const { size } = input.parse(req.body); await page(size);',
    'await pool.query(`SELECT * FROM a LIMIT ${input.parse(req.body).size}`);',
    'await pool.query(`SELECT * FROM a ORDER BY ${columns[req.query.sort]}`);',
    'const sort = req.query.sort; if (!Object.keys(columns).includes(sort)) return; await pool.query(`SELECT * FROM a ORDER BY ${sort}`);',
    "const order = req.query.order === 'desc' ? 'DESC' : 'ASC'; await pool.query(`SELECT * FROM a ORDER BY b ${order}`);",
    "const ids = req.body.ids; await pool.query(`SELECT * FROM a WHERE id IN (${ids.map((_, i) => `$${i + 1}`).join(',')})`, ids);",
    "const wheres = []; if (req.query.b) wheres.push('b = $1'); await pool.query(`SELECT * FROM a WHERE ${wheres.join(' AND ')}`);",
    'await safe(req.query.b);',
    'await pool.query(`SELECT * FROM ${process.env.TABLE}`);',
    "execFile('convert', [req.body.file]);",
    "res.sendFile(req.params.name, { root: '/data' });",
    "res.sendFile(path.join('/data', path.basename(req.params.name)));",
    "const entry = await entryOf(req.params.id); if (!entry) return; res.sendFile(path.join('/data', `${req.params.id}.pdf`));",
    "const file = path.resolve('/data', req.params.name); if (!file.startsWith('/data/')) return; res.sendFile(file);",
    'res.redirect(`/entries/${req.params.id}`);',
    'res.redirect(`https://${req.headers.host}${req.url}`);',
    'graph.query(req.body.query); const graph = { query: (text: string) => text };',
  ];
  expect(await injected(statements)).toEqual([]);
});
