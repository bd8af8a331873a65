import { expect, test } from 'vitest';
import { places } from './support';

const server = (...lines: readonly string[]) => ({
  'server/index.ts': `import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto'; import bcrypt from 'bcrypt'; import md5 from 'md5'; import express from 'express'; import { db } from './db'; import { users } from './schema';
${lines.join('\n')}
express().listen(8080);`,
  'server/db.ts':
    "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(process.env.DATABASE_URL!);",
  'server/schema.ts': 'export const users = {};',
});
const found = async (...lines: readonly string[]) =>
  (await places('password-hash-weak', server(...lines))).map(
    (place) => lines[Number(place.split(':')[1]) - 2],
  );

test('a fast hash, few rounds and no hash at all are found', async () => {
  const lines = [
    "express().post('/a', (req) => createHash('sha256').update(req.body.password).digest('hex'));",
    "express().post('/l', (req) => { const input = req.body.password.trim(); return createHash('sha512').update(input).digest('hex'); });",
    "express().post('/b', (req) => createHash('md5').update(req.body.password + 'salt').digest('hex'));",
    "express().post('/c', (req) => md5(req.body.password));",
    "express().post('/d', (req) => bcrypt.hash(req.body.password, 4));",
    "express().post('/e', async () => bcrypt.genSalt(8));",
    "express().post('/f', (req) => pbkdf2Sync(req.body.password, 'salt', 1000, 64, 'sha512'));",
    "express().post('/g', (req) => scryptSync(req.body.password, 'salt', 64, { N: 1024 }));",
    "express().post('/h', (req) => db.insert(users).values({ name: req.body.name, password: req.body.password }));",
    "express().post('/i', async (req, res) => { const { password } = req.body; await db.update(users).set({ passwordHash: password }); });",
    "express().post('/j', async (req) => { const user = await db.query.users.findFirst(); return user.password === req.body.password; });",
    "express().post('/k', async (req) => { const user = await db.query.users.findFirst(); return user?.passwordHash !== req.body.password; });",
  ];
  expect(await found(...lines)).toEqual(lines);
});

test('slow hashes, and hashes of other values, are fine', async () => {
  const lines = [
    "express().post('/a', (req) => bcrypt.hash(req.body.password, process.env.NODE_ENV === 'test' ? 1 : 12));",
    "express().post('/b', (req) => bcrypt.hash(createHash('sha256').update(req.body.password).digest('base64'), 12));",
    "express().post('/c', (req) => scryptSync(req.body.password, 'salt', 64, { N: 16384 }));",
    "express().post('/d', (req) => pbkdf2Sync(req.body.password, 'salt', 210_000, 64, 'sha512'));",
    "express().post('/e', (req) => createHash('sha256').update(req.body.passwordResetToken).digest('hex'));",
    "express().post('/f', (req) => createHash('md5').update(req.body.email).digest('hex'));",
    "express().post('/g', (req) => fetch('https://api.pwnedpasswords.com/range/' + createHash('sha1').update(req.body.password).digest('hex').slice(0, 5)));",
    "express().post('/h', async (req) => db.insert(users).values({ password: await bcrypt.hash(req.body.password, 12) }));",
    "express().post('/i', async (req) => db.insert(users).values(req.body));",
    "express().post('/j', (req) => req.body.password === req.body.confirmPassword);",
  ];
  expect(await found(...lines)).toEqual([]);
});
