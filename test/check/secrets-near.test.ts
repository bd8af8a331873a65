import { expect, test } from 'vitest';
import { places } from './support';

// A rule about secrets parses only modules whose text may have one. These spellings must not pass for others.
test.each([
  "export const options = { password: 'hunter2222' };",
  "export const options = { 'api_key': 'abc12345' };",
  "export const options = { ['secret']: ('abc12345') };",
  "export const options = { secret: /* of tests: */ 'abc12345' };",
  "export const options = { connectionString: 'abc12345' };",
  "export const apiKey: Readonly<\n  string\n> = 'abc12345';",
  "let token = '';\nexport const set = () => { token = '1'; };\nexport const jwtSecret = // of tests\n  'abc12345';",
  "export const is = (body) => body['password'] === 'letmein1';",
  "export const is = (body) => 'letmein1' === body['password'];",
  "export const is = (read) => 'letmein1' === read().password;",
])('a hard-coded secret is found in %j', async (code) => {
  expect(await places('secret-hard-coded', { 'server/settings.ts': code })).toHaveLength(1);
});

test.each([
  'export const f = (password) => console.log(password);',
  "export const f = (password) => console['log']('a', password);",
  'export const f = (request) => requestLogger\n  .warn({ a: 1 },\n    request.body);',
  `export const f = (token) => console.info(${"'a long text', ".repeat(60)} process.env.JWT_SECRET);`,
  'export const f = (config) => logger.debug(config.apiKey);',
  'export const f = (databaseUrl) => log(databaseUrl);',
])('a logged secret is found in %j', async (code) => {
  expect(await places('secret-logged', { 'server/settings.ts': code })).toHaveLength(1);
});
