import { expect, test } from 'vitest';
import { secretsIn } from '../../lib/check/rules/secret-patterns';
import { places } from './support';

const address = (user: string, password: string, host: string) =>
  `export const a = '${['postgresql:', `//${user}:${password}`].join('')}@${host}/shop';`;

test.each([
  ['[user]', '[password]', '[host]'],
  ['<user>', '<password>', 'db.shop.net'],
  ['admin', '{password}', 'db.shop.net'],
  ['admin', '{{ password }}', 'db.shop.net'],
  ['admin', 'your-password-here', 'db.shop.net'],
  ['admin', 'xxx', 'db.shop.net'],
  ['admin', 'change_me', 'db.shop.net'],
])('An address with %s:%s@%s holds no secret', async (...parts) => {
  expect(await secretsIn('a.ts', address(...parts))).toEqual([]);
});

test.each([
  ['admin', 'hunter22', 'db.shop.net'],
  ['admin', 'hunter22', '[2001:db8::7]'],
  ['admin', 'q[7]vX92k', 'db.shop.net'],
  ['[user]', 'hunter22', 'db.shop.net'],
])('An address with %s:%s@%s holds a secret', async (...parts) => {
  expect(await secretsIn('a.ts', address(...parts))).toHaveLength(1);
});

test('A placeholder that code compares with a password is no secret', async () => {
  const lines = [
    "export const a = (password: string) => password === 'your-app-password-here';",
    "export const b = (secret: string) => 'changeme' === secret;",
    "export const c = (user: { apiKey: string }) => user.apiKey === '[api-key]';",
    "export const d = (password: string) => password === '<password>';",
    "export const e = (password: string) => password === 'letmein1';",
    "export const f = (password: string) => password === '[letmein1';",
  ];
  expect(await places('secret-hard-coded', { 'server/a.ts': lines.join('\n') })).toEqual([
    'server/a.ts:5',
    'server/a.ts:6',
  ]);
});

test('a template contains no real secrets', async () => {
  const lines = [
    'SESSION_SECRET=uB3kq9Vx2LmZ7pTw5RyN8sFc1HdJ6gQaXeKo0vIz4UtYbWnMr',
    'SESSION_SECRET=your-secret-of-32-Characters-or-more',
    'SESSION_SECRET=Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1',
    'SESSION_SECRET=ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF',
    'SESSION_SECRET=',
    'PAGE_ID=uB3kq9Vx2LmZ7pTw5RyN8sFc1HdJ6gQaXeKo0vIz4UtYbWnMr',
  ];
  expect(await places('env-file-committed', { '.env.example': lines.join('\n') })).toEqual([
    '.env.example:1',
  ]);
});
