import { expect, test } from 'vitest';
import { type Files, places } from './support';

const server = (rest: string) => ({
  'server/index.ts': `import express from 'express';
const app = express();
app.get('/api/entries', async (request, response) => response.json(await list()));
const list = async () => [];
${rest}
app.listen(8080);`,
});

test.each([
  ['nothing after the routes', ''],
  ['three parameters', 'app.use((error, request, response) => response.status(500).end());'],
  [
    'a page for the rest',
    "app.use((request, response) => response.status(404).json({ error: 'not found' }));",
  ],
  ['a function that nothing uses', 'export const onError = (error, request, response, next) => next(error);'],
])('no middleware answers errors: %s', async (_, rest) => {
  expect(await places('error-handler-missing', server(rest))).toEqual(['server/index.ts:2']);
});

const answered: [name: string, rest: string, files?: Files][] = [
  ['four parameters', 'app.use((error, request, response, next) => response.status(500).end());'],
  [
    'a function of another module',
    "import { last } from './last';\napp.use(last);",
    {
      'server/last.ts':
        'export function last(error, _request, response, _next) { response.status(500).end(); }',
    },
  ],
  ['a list', 'const after = [(error, request, response, next) => next(error)];\napp.use(after);'],
  ['a package', "import errorhandler from 'errorhandler';\napp.use(errorhandler());"],
  ['an error tracker', "import * as Sentry from '@sentry/node';\nSentry.setupExpressErrorHandler(app);"],
  [
    'a method of an object that is not known',
    "import { Container } from 'typedi';\nconst last = Container.get('last');\nfor (const each of JSON.parse('[]')) app.use(each);",
    {
      'server/last.ts': 'export class Last { use(error: Error, request: any, response: any, next: any) {} }',
    },
  ],
];

test.each(answered)('middleware answers errors: %s', async (_, rest, files = {}) => {
  expect(await places('error-handler-missing', { ...server(rest), ...files })).toEqual([]);
});

test('middleware before the routes gets no errors of them', async () => {
  const handler = 'app.use((error, request, response, next) => response.status(500).end());';
  const routes = "import { routes } from './routes';";
  const files = { 'server/routes.ts': "import { Router } from 'express';\nexport const routes = Router();" };
  const wrong = server(`${routes}\n${handler}\napp.use('/api', routes);`);
  expect(await places('error-handler-missing', { ...wrong, ...files })).toEqual(['server/index.ts:6']);
  const right = server(
    `${routes}\napp.use('/api', routes);\n${handler}\napp.get('/{*page}', (_, r) => r.end());`,
  );
  expect(await places('error-handler-missing', { ...right, ...files })).toEqual([]);
});

const routes = (...handlers: readonly string[]) => ({
  'server/index.ts': `import express from 'express';\nconst app = express();\nconst version = process.env.VERSION;\nconst load = () => JSON.parse('{}');\n${handlers.map((handler, index) => `app.get('/${index}', ${handler});`).join('\n')}\napp.listen(8080);`,
});

test('a server whose routes cannot fail needs none', async () => {
  const handlers = [
    "(_, response) => response.json({ status: 'ok', uptime: process.uptime(), at: new Date().toISOString() })",
    "(request, response) => { response.status(200).type('text').send(version); }",
    '(request, response) => { console.log(request.url); response.sendStatus(204); }',
  ];
  expect(await places('error-handler-missing', routes(...handlers))).toEqual([]);
});

test.each([
  'async (_, response) => response.json(await fetch(version))',
  '(_, response) => response.json(load())',
  "() => { throw new Error('no'); }",
  '(request, response, next) => next(request.body)',
])('a server with one route that may fail needs one: %s', async (handler) => {
  const health = "(_, response) => response.json({ status: 'ok' })";
  expect(await places('error-handler-missing', routes(health, handler))).toEqual(['server/index.ts:2']);
});

test('a server without routes needs none', async () => {
  expect(await places('error-handler-missing', {})).toEqual([]);
});
