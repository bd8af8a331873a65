import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkApplication } from '../../lib/check/check-application';
import { check, type Files, folderOf, small } from './support';

const crossing = { 'client/src/app.tsx': "import '../../server/index';" };

const odd: Record<string, Files> = {
  'a syntax error': { 'client/src/bad.tsx': 'export const = <div>;' },
  'a syntax error in a module that others import': {
    'client/src/bad.ts': 'let let = ;',
    'client/src/good.ts': "import './bad';\nimport './bad.js';",
  },
  'imports that go round': {
    'client/src/a.ts': "import './b';",
    'client/src/b.ts': "import './a';\nimport './b';",
  },
  'a broken tsconfig.json': { 'tsconfig.json': '{ "compilerOptions": { "paths": ' },
  'a tsconfig.json that extends a missing one': { 'tsconfig.json': '{ "extends": "./nowhere.json" }' },
  'an import that leads nowhere': {
    'client/src/a.ts':
      "import './nowhere';\nimport '@/nowhere';\nimport x from './pic.png';\nimport y from './doc.xyz?raw';",
  },
  'a package.json of another shape': { 'package.json': '{ "dependencies": ["pg"] }' },
  'bytes that are no text': { 'client/src/bytes.ts': Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41]) },
  'a null byte': { 'server/null.ts': 'const a = "\0";' },
  'a broken vite.config.ts': { 'vite.config.ts': 'export default {{{' },
  'an expression without end': {
    'client/src/deep.ts': `export const a = ${'['.repeat(5000)}${']'.repeat(5000)};`,
  },
  'a large module': { 'client/src/large.js': `export const a = "${'x'.repeat(10_000_000)}";` },
  'a package.json that is a list': { 'package.json': '[1]' },
  'a package.json that is null': { 'package.json': 'null' },
  'scripts that are no texts': {
    'package.json': '{ "name": "shop", "scripts": { "build": 5, "start": null } }',
  },
  'bytes that are no text, in every kind of file': Object.fromEntries(
    [
      '.env',
      '.env.example',
      '.gitignore',
      'client/a.html',
      'client/a.css',
      'config/production.ts',
      'vite.config.ts',
    ].map((file) => [file, Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x0a, 0x80])]),
  ),
  'a folder with the name of a module': { 'client/src/index.ts/a.ts': 'export {};' },
  'a large page of elements without end': {
    'client/large.html': '<script <script src="'.repeat(100_000),
    'client/other.html': '<script>import "./a'.repeat(100_000),
    'client/comments.html': '<!-- '.repeat(400_000),
  },
  'a long text of beginnings of tokens': { 'client/src/tokens.ts': `"${'eyJ-{-'.repeat(40_000)}"` },
  'a large file of data': { 'data/rows.json': `["${'x'.repeat(10_000_000)}"]` },
};

test.each(Object.entries(odd))('%s does not hide other findings', async (_, files) => {
  const { findings } = await check({ ...crossing, ...files });
  expect(findings.map(({ rule }) => rule)).toContain('client-imports-server');
  expect(findings.filter(({ what }) => what.includes('could not be checked'))).toEqual([]);
});

test('a module with a syntax error is named with its line', async () => {
  const { findings } = await check({ 'client/src/bad.tsx': '\nexport const = <div>;' });
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'module-unreadable', file: 'client/src/bad.tsx', line: 2 }),
  );
});

test('a module that no page and no entry imports is no error', async () => {
  const severity = async (files: Files) =>
    (await check(files)).findings.find(({ rule }) => rule === 'module-unreadable')?.severity;
  const bad = { 'client/src/bad.ts': 'let let = ;' };
  expect(await severity(bad)).toBe('warning');
  const unused = { ...bad, 'client/src/a.ts': "import './bad';" };
  expect(await severity(unused)).toBe('warning');
  const page = { 'client/index.html': '<script type="module" src="/src/b.ts"></script>' };
  expect(await severity({ ...unused, ...page, 'client/src/b.ts': "import './a';" })).toBe('error');
  expect(await severity({ 'server/index.ts': "import './bad';", 'server/bad.ts': 'let let = ;' })).toBe(
    'error',
  );
  expect(await severity({ 'drizzle/bad.js': 'let let = ;' })).toBeUndefined();
  const lacks = { 'server/a.ts': "import { b } from './b';\nb();", 'server/b.ts': 'export const c = 1;' };
  expect(await severity(lacks)).toBe('warning');
});

test('a package.json that cannot be parsed is named: esbuild resolves nothing beside it', async () => {
  const { findings } = await check({ ...crossing, 'package.json': '{ "name": ' });
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'module-unreadable', file: 'package.json', severity: 'error' }),
  );
});

test('symbolic links are neither followed endlessly nor fatal', async () => {
  const folder = folderOf({ ...small, ...crossing });
  symlinkSync(folder, join(folder, 'client', 'round'), 'junction');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'client', 'broken'));
  const link = `${folder}-link`;
  symlinkSync(folder, link, 'junction');
  try {
    const { findings } = await checkApplication(link);
    expect(findings.map(({ rule }) => rule)).toContain('client-imports-server');
  } finally {
    rmSync(link);
  }
});

test('folders without an application are checked, too', async () => {
  const folder = folderOf({ 'readme.md': '' });
  mkdirSync(join(folder, 'server'));
  writeFileSync(join(folder, 'server', 'index.js'), "require('./nowhere');");
  await expect(checkApplication(folder)).resolves.toMatchObject({ suppressed: [] });
  await expect(checkApplication(folderOf({}))).resolves.toMatchObject({ suppressed: [] });
});
