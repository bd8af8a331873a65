import { expect, test } from 'vitest';
import { check, places } from './support';

const server = (limit: string, before = '') => ({
  'server/index.ts': `import express from 'express';
import rateLimit, { rateLimit as named, ipKeyGenerator } from 'express-rate-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { settings } from './settings';
const app = express();
${before}
const hits = new Map();
const flexible = new RateLimiterMemory({ points: 5 });
app.use(
  ${limit});
app.listen(process.env.PORT ?? 8080);`,
  'server/settings.ts': 'export const settings = JSON.parse(process.env.SETTINGS!);',
});

const shared: Readonly<Record<string, string>> = {
  'without options': 'rateLimit()',
  'with options': 'named({ windowMs: 900_000, limit: 100 })',
  'by a key with the address': 'rateLimit({ keyGenerator: (req) => req.user?.id ?? ipKeyGenerator(req.ip) })',
  'of another package': 'async (req, res, next) => { await flexible.consume(req.ip); next(); }',
  'by hand':
    '(req, res, next) => { const n = hits.get(req.ip) ?? 0; hits.set(req.ip, n + 1); if (n > 9) return res.status(429).end(); next(); }',
  'by hand, with a pattern':
    '(request, res, next) => { const { ip } = request; if (hits.has(ip)) return res.sendStatus(429); next(); }',
};

test.each(Object.entries(shared))('a limit %s needs a trusted proxy', async (_, limit) => {
  expect(await places('rate-limit-shared', server(limit))).toEqual(['server/index.ts:10']);
  for (const trust of [
    "app.set('trust proxy', 1);",
    "app.enable('trust proxy');",
    "function setUp(given: any) { given.set('trust proxy', process.env.PROXIES); }\nsetUp(app);",
  ])
    expect(await places('rate-limit-shared', server(limit, trust))).toEqual([]);
  expect(await places('rate-limit-shared', server(limit, "app.set('trust proxy', false);"))).toHaveLength(1);
});

test.each([
  'rateLimit({ keyGenerator: (req) => req.session.userId })',
  "rateLimit({ keyGenerator: (req) => req.headers['x-forwarded-for'] ?? req.ip })",
  'rateLimit(settings)',
  'async (req, res, next) => { await flexible.consume(req.session.id); next(); }',
  '(req, res, next) => { console.log(req.ip); next(); }',
  '(req, res, next) => { if (hits.get(req.session.id) > 9) return res.status(429).end(); next(); }',
])('%s needs no trusted proxy', async (limit) => {
  expect(await places('rate-limit-shared', server(limit))).toEqual([]);
});

test('a comment suppresses the finding', async () => {
  const { findings, suppressed } = await check(
    server('// framework53-ignore rate-limit-shared: the limit is meant for all\n rateLimit()'),
  );
  expect(findings.map(({ rule }) => rule)).not.toContain('rate-limit-shared');
  expect(suppressed.map(({ rule }) => rule)).toContain('rate-limit-shared');
});
