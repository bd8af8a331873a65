import { expect, test } from 'vitest';
import { lineOfStatement, runTimeImports } from '../../lib/check/sources/run-time-imports';
import { folderOf } from './support';

test('imports remain if code uses them as values, in one line or in several', async () => {
  const files = {
    'client/a.tsx': [
      "import type { A } from './types';",
      "import { B } from './unused';",
      "import {\n  createReadStream,\n  type C,\n  readFileSync,\n} from './long';",
      "import './effect';",
      "export { d } from './again';",
      "export type { E } from './types-again';",
      "export * from './star';",
      "const later = () => import('./later');",
      "const old = require('./old');",
      'export const f = (a: A, b: B) => <p>{readFileSync(createReadStream(a, b), later, old)}</p>;',
    ].join('\n'),
    'server/b.js': "import unused from 'a-package';\nimport { g as h } from './g.js';",
  };
  const found = await runTimeImports(folderOf(files), Object.keys(files));
  const paths = (file: string) => [...found.get(file)!].filter((path) => !path.startsWith('react')).sort();
  expect(paths('client/a.tsx')).toEqual(['./again', './effect', './later', './long', './old', './star']);
  expect(paths('server/b.js')).toEqual(['./g.js', 'a-package']);
});

test('settings of TypeScript that keep all imports change nothing', async () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "verbatimModuleSyntax": true } }',
    'a.ts': "import { A } from 'types';\nexport let a: A;",
  };
  const found = await runTimeImports(folderOf(files), ['a.ts']);
  expect([...found.get('a.ts')!]).toEqual([]);
});

test('a module that cannot be compiled is left out, and the others are not', async () => {
  const files = { 'a.ts': "import './b';", 'b.ts': 'export const = 1;', 'c.ts': 'import {' };
  const found = await runTimeImports(folderOf(files), Object.keys(files));
  expect([...found.keys()]).toEqual(['a.ts']);
});

test.each([
  ["import { a } from 'x';", 1],
  ["import type { A } from 'x';\nimport { a } from 'x';", 2],
  ['// \'x\'\n\nimport {\n  a,\n  b,\n} from "x";', 3],
  ["const a = 1;\nexport { b } from 'x';", 2],
  ["import 'x';", 1],
  ["const x = 'x';", undefined],
  ["import { a } from 'y';\nconst b = a('x');", undefined],
  ["export const b = a('x');", undefined],
])('the line of the import in %j is %j', (text, line) => {
  expect(lineOfStatement(text, 'x')).toBe(line);
});
