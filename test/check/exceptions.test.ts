import { expect, test } from 'vitest';
import { type Files, places } from './support';

const server = (code: string, more: Files = {}): Files => ({
  'server/index.ts': `import express from 'express';
${code.replaceAll('\n', ' ')}
const server = express().listen(8080);`,
  ...more,
});

test.each([
  ['it logs', "process.on('uncaughtException', (error) => { console.error(error); });"],
  ['it is empty', "process.on('uncaughtException', () => {});"],
  [
    'a function for two events',
    "const onError = (error) => console.error('the server does not exit', error); for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, onError);",
  ],
  [
    'it ends in development alone',
    "process.addListener('uncaughtException', function (error) { console.error(error); if (process.env.NODE_ENV !== 'production') process.exit(1); });",
  ],
  ['nobody learns of a rejection', "process.on('unhandledRejection', () => {});"],
])('the server goes on after an exception: %s', async (_, code) => {
  expect(await places('exception-ignored', server(code))).toEqual(['server/index.ts:2']);
});

test.each([
  ['it exits', "process.on('uncaughtException', (error) => { console.error(error); process.exit(1); });"],
  [
    'a function exits later',
    "process.on('uncaughtException', (error) => { fail(error); }); function fail(error) { console.error(error); setTimeout(() => process.exit(1), 100).unref(); }",
  ],
  ['it throws', "process.on('uncaughtException', (error) => { throw error; });"],
  ['it kills', "process.on('uncaughtException', () => process.kill(process.pid, 'SIGTERM'));"],
  [
    'another module shuts down',
    "import { onError } from './end'; process.on('uncaughtException', onError);",
    {
      'server/end.ts':
        'export const onError = (error) => setTimeout(shutdown, 10); const shutdown = () => 1;',
    },
  ],
  [
    'some errors do not matter',
    "process.on('uncaughtException', (error) => { if (error.code === 'EPIPE') return; process.abort(); });",
  ],
  [
    'another handler exits',
    "process.on('uncaughtException', (error) => console.error(error)); process.once('uncaughtException', () => process.exit(1));",
  ],
  [
    'a function that is not known',
    "import { handler } from 'errors'; process.on('uncaughtException', handler());",
  ],
  ['a rejection is logged', "process.on('unhandledRejection', (reason) => console.error(reason));"],
  [
    'development',
    "if (process.env.NODE_ENV === 'development') process.on('uncaughtException', console.error);",
  ],
  ['the monitor', "process.on('uncaughtExceptionMonitor', (error) => console.error(error));"],
] as [string, string, Files?][])('the server ends after an exception: %s', async (_, code, files) => {
  expect(await places('exception-ignored', server(code, files))).toEqual([]);
});
