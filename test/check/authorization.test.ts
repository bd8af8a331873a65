import { expect, test } from 'vitest';
import { places } from './support';

const server = (route: string, before = '') => ({
  'server/index.ts': `import express from 'express';
import * as entries from './entries';
const app = express();
${before}
${route}
app.listen(8080);`,
  'server/entries.ts': `export const create = (request, response) => response.json(add(request.body));
export const createOwn = (request, response) => response.json(add(request.user.id));
export const createIn = (request, response) => response.json(add(contextOf(request)));
const contextOf = (request) => ({ author: request.session.userId });
const add = (value) => value;`,
});
const handler = (body: string) => `app.post('/api/entries', async (request, response) => { ${body} });`;

test.each([
  ['a name alone', handler('const userId = 1; entries.create(userId);')],
  ['the body', handler('const { userId } = request.body; entries.create(userId);')],
  ['the address', handler('entries.create(Number(request.query.userId));')],
  [
    'a header that anybody sets',
    handler("entries.create(request.get('x-user-id'), request.headers['x-user'])"),
  ],
  ['a comment', handler('/* only for the user of the session */ entries.create(1);')],
  ['another module', "app.post('/api/entries', entries.create);"],
])('a route that writes does not check the user: %s', async (_, route) => {
  expect(await places('route-without-authorization', server(route))).toEqual(['server/index.ts:5']);
});

test.each([
  ['the session', handler('const { userId } = request.session; entries.create(userId);')],
  [
    'the user of the request',
    handler('if (!request.user) return response.sendStatus(401); entries.create(1);'),
  ],
  ['a destructured user', handler('const { user } = request; entries.create(user);')],
  [
    'a part of a parameter',
    "app.post('/api/entries', ({ session }, response) => response.json(session.userId));",
  ],
  ['values of middleware', handler('entries.create(response.locals.user);')],
  ['a function that gets the request', handler('const user = await getUser(request); entries.create(user);')],
  ['a check', handler('await requireUser(request);')],
  ['a header with a token', handler('entries.create(request.headers.authorization);')],
  ['a header with a key', handler("entries.create(request.get('x-api-key'));")],
  ['middleware', "app.post('/api/entries', isOwner, entries.create);"],
  ['a list of middleware', "app.post('/api/entries', [guard, entries.create], entries.create);"],
  ['a wrapper', "app.post('/api/entries', withAuth(entries.create));"],
  ['a handler of another module', "app.post('/api/entries', entries.createOwn);"],
  ['a function of another module', "app.post('/api/entries', entries.createIn);"],
])('a route that writes checks the user: %s', async (_, route) => {
  expect(await places('route-without-authorization', server(route))).toEqual([]);
});
