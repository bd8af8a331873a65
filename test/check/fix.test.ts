import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRepair } from '../../lib/check/fix/fix-application';
import { differenceOf } from '../../lib/files/difference';
import { folderOf, small } from './support';

const files = {
  ...small,
  'package.json':
    '{\n\t"name": "shop",\n\t"files": ["a", "b"],\n\t"dependencies": {\n\t\t"react": "19.0.0",\n\t\t"zod": "4.0.0"\n\t},\n\t"clientDependencies": {},\n\t"devDependencies": {\n\t\t"express": "5.0.0",\n\t\t"vite": "8.0.0"\n\t},\n\t"private": true\n}',
  'client/src/main.tsx': "import 'react';\nimport 'zod';\n/* @framework: Framework v5.2.1 */",
  'server/index.ts':
    "import express from 'express';\nimport 'zod';\nconst app = express();\napp.set('key', process.env.SESSION_SECRET);\napp.listen(process.env.MAIL_PORT ?? 8080);",
  '.env.example': 'MAIL_PORT=25',
};

function git(folder: string, ...args: string[]): void {
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    stdio: 'ignore',
  });
}

test('A repair moves dependencies, documents variables and updates annotations, once', async () => {
  const folder = folderOf(files);
  git(folder, 'init');
  git(folder, 'add', '.');
  git(folder, 'commit', '-m', 'a');
  const repair = await findRepair(folder);
  expect(repair.cautions).toEqual([]);
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(files['package.json']);
  expect(await differenceOf(repair.changes.find(({ path }) => path === '.env.example')!)).toContain(
    '--- .env.example\n+++ .env.example\n@@',
  );
  repair.write();
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(
    '{\n\t"name": "shop",\n\t"files": ["a", "b"],\n\t"dependencies": {\n\t\t"zod": "4.0.0"\n\t},\n\t"clientDependencies": {\n\t\t"react": "19.0.0"\n\t},\n\t"serverDependencies": {\n\t\t"express": "5.0.0"\n\t},\n\t"devDependencies": {\n\t\t"express": "5.0.0",\n\t\t"react": "19.0.0",\n\t\t"vite": "8.0.0"\n\t},\n\t"private": true\n}',
  );
  expect(readFileSync(join(folder, '.env.example'), 'utf8')).toBe(
    'MAIL_PORT=25\n# server/index.ts reads this variable.\nSESSION_SECRET=\n',
  );
  expect(readFileSync(join(folder, 'client/src/main.tsx'), 'utf8')).toContain(
    '@framework: Framework v5.3 */',
  );
  const again = await findRepair(folder);
  expect(again.changes).toEqual([]);
  expect(again.cautions).toEqual(['the folder has uncommitted changes']);
});

test('A folder outside git is changed with --force only', async () => {
  const { cautions } = await findRepair(folderOf(files));
  expect(cautions).toEqual(['the folder is not under version control, so the files could not be restored']);
});

test('Links out of the folder and files that are not UTF-8 stay as they are', async () => {
  const { '.env.example': _, ...others } = files;
  const folder = folderOf({ ...others, 'server/old.ts': Buffer.from('// @framework 5.2 \xff', 'latin1') });
  const outside = join(folderOf({}), 'env');
  symlinkSync(outside, join(folder, '.env.example'));
  const expected = ['.env.example is a link that leads out of the folder', 'server/old.ts is not UTF-8'];
  expect((await findRepair(folder)).refused).toEqual(expected);
  writeFileSync(outside, '');
  expect((await findRepair(folder)).refused).toEqual(expected);
});

test('Suppressed findings stay as they are', async () => {
  const { changes } = await findRepair(
    folderOf({
      ...small,
      'server/old.ts': '// framework53-ignore annotation-outdated: not moved yet\n// @framework 5.2',
    }),
  );
  expect(changes).toEqual([]);
});
