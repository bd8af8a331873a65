import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..', '..');
const FOLDER = join(ROOT, 'lib', 'rehearsal');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(FOLDER, name));

test.each(files.map((file) => [relative(ROOT, file), file]))(
  '%s imports nothing that made the plan',
  (_, file) => {
    const imports = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path]) =>
      resolve(file, '..', path!),
    );
    // The cache folder and the bundles do not depend on the plan.
    const foreign = imports.map((path) => relative(FOLDER, path)).filter((path) => path.startsWith('..'));
    for (const path of foreign) expect(path).toMatch(/^\.\.\/files\//);
    expect(readFileSync(file, 'utf8')).not.toMatch(/from '(aws-cdk-lib|constructs|@aws-sdk)/);
  },
);

test('no file is longer than a person reads', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
  expect(long.map((file) => relative(ROOT, file))).toEqual([]);
});
