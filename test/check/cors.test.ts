import { expect, test } from 'vitest';
import { places } from './support';

/** A server with this middleware body; `cors` is the package. */
const server = (body: string, before = '') => ({
  'server/index.ts': `import cors from 'cors';
import express from 'express';
const app = express();
const origins = new Set(['https://partner.example']);
${before}
app.use(${body});
app.listen(8080);`,
});
const middleware = (body: string) => `(request, response, next) => { ${body} next(); }`;

const open: Record<string, string> = {
  'an object with the origin of the request': middleware(
    "response.set({ 'Access-Control-Allow-Origin': request.get('Origin'), Vary: 'Origin' });",
  ),
  'a destructured origin': middleware(
    "const { origin } = request.headers; response.set({ 'access-control-allow-origin': origin ?? '*' });",
  ),
  'nested destructuring':
    "({ headers: { origin } }, response, next) => { response.header('Access-Control-Allow-Origin', origin); next(); }",
  'a condition that only asks for the header': middleware(
    "const origin = request.headers.origin; if (origin) { response.setHeader('Access-Control-Allow-Origin', origin); response.setHeader('Access-Control-Allow-Credentials', 'true'); }",
  ),
  'a comparison of something else': middleware(
    "response.setHeader('Access-Control-Allow-Origin', request.headers['origin']); if (request.method === 'OPTIONS') return response.sendStatus(204);",
  ),
  writeHead: "(request, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()",
  'a function that always agrees': 'cors({ origin: (origin, callback) => callback(null, true) })',
  'a function that agrees on each path':
    'cors({ origin(origin, callback) { if (!origin) return callback(null, true); callback(null, origin); } })',
  'a function that gives options': 'cors((request, callback) => callback(null, { origin: true }))',
  'origin: true': 'cors({ origin: true, credentials: true })',
};

test.each(Object.entries(open))('CORS is open with %s', async (_, body) => {
  expect(await places('cors-open', server(body))).toEqual(['server/index.ts:6']);
});

test('CORS is open with a helper that gets the origin', async () => {
  const before = "function allow(response, origin) { response.set('Access-Control-Allow-Origin', origin); }";
  const body = middleware('allow(response, request.headers.origin);');
  expect(await places('cors-open', server(body, before))).toEqual(['server/index.ts:5']);
});

const closed: Record<string, string> = {
  'a set of origins': middleware(
    "const { origin } = request.headers; if (origin && origins.has(origin)) response.set({ 'Access-Control-Allow-Origin': origin });",
  ),
  'a comparison': middleware(
    "if (request.get('origin') === 'https://partner.example') response.set('Access-Control-Allow-Origin', request.get('origin'));",
  ),
  'a function that decides': middleware(
    "const origin = request.headers.origin; if (!isAllowed(request)) return next(); response.set('Access-Control-Allow-Origin', origin);",
  ),
  'a fixed origin': middleware("response.set({ 'Access-Control-Allow-Origin': 'https://partner.example' });"),
  'a function that refuses some':
    "cors({ origin: (origin, callback) => { if (!origin) return callback(null, true); callback(origins.has(origin) ? null : new Error('no'), origins.has(origin)); } })",
  'a function that throws':
    "cors({ origin: (origin, callback) => { if (!origins.has(origin)) throw new Error('no'); callback(null, true); } })",
  'a list': "cors({ origin: ['https://partner.example'], credentials: true })",
};

test.each(Object.entries(closed))('CORS is not open with %s', async (_, body) => {
  const before = 'const isAllowed = (request) => origins.has(request.headers.origin);';
  expect(await places('cors-open', server(body, before))).toEqual([]);
});
