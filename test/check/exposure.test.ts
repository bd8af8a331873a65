import { expect, test } from 'vitest';
import { check } from './support';

/** Returns the statements of the server, or the elements of the page, in which a rule finds something. */
async function found(rule: string, statements: readonly string[], elements: readonly string[] = []) {
  const { findings } = await check({
    'server/index.ts': `import express from 'express'; import path from 'node:path'; import { randomBytes } from 'node:crypto'; const app = express();\n${statements.join('\n')}\napp.listen(8080);`,
    'client/src/main.tsx': `export const page = (entry) => [\n${elements.join(',\n')}\n];`,
  });
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ file, line = 0 }) => (file.startsWith('server') ? statements : elements)[line - 2]);
}
const handler = (body: string) => `app.use((error, request, response, next) => { ${body} });`;

test('answers contain no stack', async () => {
  const wrong = [
    handler('response.status(500).json({ message: error.message, stack: error.stack });'),
    handler('response.status(500).send(`<pre>${(error as Error).stack}</pre>`);'),
    handler('const body = { stack: error.stack }; response.json(body);'),
    handler("response.json({ stack: process.env.NODE_ENV === 'production' ? error.stack : undefined });"),
  ];
  const right = [
    handler('console.error(error.stack); response.status(500).json({ message: error.message });'),
    handler("response.json({ stack: process.env.NODE_ENV === 'production' ? undefined : error.stack });"),
    handler("response.json({ ...(process.env.NODE_ENV === 'development' && { stack: error.stack }) });"),
    handler('response.json({ stack: request.body.stack });'),
  ];
  expect(await found('error-details-sent', [...wrong, ...right])).toEqual(wrong);
});

test('tokens come from a secure source of random numbers', async () => {
  const wrong = [
    'const resetToken = Math.random().toString(36).slice(2); app.locals.a = resetToken;',
    'app.locals.b = { apiKey: `key_${Math.random().toString(36)}` };',
    'function newPassword() { return Math.random().toString(36).slice(-8); } app.locals.c = newPassword();',
  ];
  const right = [
    "const token = randomBytes(32).toString('hex'); app.locals.d = token;",
    'const requestId = Math.random().toString(36); app.locals.e = requestId;',
    'const tokenCount = Math.random() * 100; app.locals.f = tokenCount;',
  ];
  expect(await found('secret-predictable', [...wrong, ...right])).toEqual(wrong);
});

test('the server publishes no folder with its own code', async () => {
  const wrong = [
    "app.use(express.static('.'));",
    'app.use(express.static(process.cwd()));',
    "app.use('/x', express.static('./server'));",
  ];
  const right = [
    "app.use(express.static('dist/public'));",
    "app.use(express.static(path.join(process.cwd(), 'public')));",
    'app.use(express.static(process.env.FILES!));',
  ];
  expect(await found('serves-own-files', [...wrong, ...right])).toEqual(wrong);
});

test('texts of users stay texts', async () => {
  const wrong = ['<p dangerouslySetInnerHTML={{ __html: entry.message }} />'];
  const right = [
    '<p>{entry.message}</p>',
    '<p dangerouslySetInnerHTML={{ __html: entry.translations.title }} />',
    "<style dangerouslySetInnerHTML={{ __html: ':root { color: red }' }} />",
  ];
  expect(await found('html-unescaped', [], [...wrong, ...right])).toEqual(wrong);
});
