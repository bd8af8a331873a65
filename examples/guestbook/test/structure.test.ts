// @framework Framework 5.3
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '..');

const sources = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => path.join(folder, file));

const imports = (file: string) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, name]) => name!,
  );

const packageName = (specifier: string) => specifier.match(/^(@[^/]+\/)?[^/]+/)![0];

test('devDependencies repeat clientDependencies and serverDependencies, which npm does not install', () => {
  const { clientDependencies, serverDependencies, devDependencies } = packageJson;
  expect(devDependencies).toMatchObject({ ...clientDependencies, ...serverDependencies });
});

test('client, server and shared import only what is theirs', () => {
  const { dependencies, clientDependencies, serverDependencies } = packageJson;
  const theirs = {
    client: [...Object.keys(dependencies), ...Object.keys(clientDependencies), '@shared/api'],
    // Vite serves the client in development.
    server: [
      ...Object.keys(dependencies),
      ...Object.keys(serverDependencies),
      '@shared/api',
      '@shared/schema',
      'vite',
    ],
    shared: Object.keys(dependencies),
  };
  for (const [folder, allowed] of Object.entries(theirs)) {
    for (const file of sources(folder)) {
      for (const specifier of imports(file)) {
        if (specifier.startsWith('node:') && folder === 'server') continue;
        if (specifier.startsWith('.')) {
          const target = path.join(path.dirname(file), specifier).split(path.sep)[0]!;
          expect(folder === 'server' ? [folder, 'config'] : [folder], `${file}: ${specifier}`).toContain(
            target,
          );
        } else {
          const name = specifier.startsWith('@shared/') ? specifier : packageName(specifier);
          expect(allowed, `${file}: ${specifier}`).toContain(name);
        }
      }
    }
  }
});

test('every source says which framework it follows', () => {
  const files = ['client', 'server', 'shared', 'config', 'test'].flatMap(sources);
  expect(
    files.filter(
      (file) => !readFileSync(path.join(root, file), 'utf8').startsWith('// @framework Framework 5.3\n'),
    ),
  ).toEqual([]);
});

test('the image is small', () => {
  expect(statSync(path.join(root, 'client/src/images/guestbook.webp')).size).toBeLessThan(30_000);
});
