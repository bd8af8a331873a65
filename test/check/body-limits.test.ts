import { expect, test } from 'vitest';
import { places } from './support';

const found = (code: string) =>
  places('body-limit-large', {
    'server/index.ts': `import express from 'express'; import bodyParser from 'body-parser';
const app = express(); const limit = '200mb';
${code}
app.listen(8080);`,
  });

test.each([
  ["app.use(express.json({ limit: '500mb' }));"],
  ["app.use(express.urlencoded({ extended: true, limit: '1GB' }));"],
  ['app.use(express.raw({ limit: 1024 ** 3 }), express.raw({ limit: 2_000_000_000 }));'],
  ['app.use(bodyParser.json({ limit }));'],
  ['app.use(express.text({ limit: Infinity }));'],
])('a body may be too large: %s', async (code) => {
  expect(new Set(await found(code))).toEqual(new Set(['server/index.ts:3']));
});

test.each([
  ['app.use(express.json());'],
  ["app.use(express.json({ limit: '100mb' }), express.raw({ limit: '50 mb' }));"],
  ["app.use(express.json({ limit: process.env.LIMIT ?? '1mb' }), express.json({ limit: 1_000_000 }));"],
  ["app.use(express.json({ limit: '200kb' }), bodyParser.text({ type: 'text/csv' }));"],
  ["app.use(express.static('public', { limit: '500mb' }));"],
])('a body is limited: %s', async (code) => {
  expect(await found(code)).toEqual([]);
});
