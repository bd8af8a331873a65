import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { firstLoad } from '../../lib/files/first-load';
import { places } from '../check/support';

const page = `<!-- <script src="/old.js"></script> -->
<link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/assets/a.css">
<script type="module" crossorigin src="/assets/main-1.js"></script>
<script src="https://other.example/x.js"></script>`;
const files: Record<string, string> = {
  '/old.js': 'old',
  '/favicon.svg': 'icon',
  '/assets/a.css': 'body{}',
  '/assets/main-1.js':
    'import{a as b}from"./part-2.js";import"react";const c=()=>import("./later-3.js");b(c)',
  '/assets/part-2.js': 'import"./main-1.js";export const a=1',
  '/assets/later-3.js': 'export default 1',
};

test('the first load contains the files of the page and their imports, each once', async () => {
  const read = async (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path]));
  const loaded = ['/assets/a.css', '/assets/main-1.js', '/assets/part-2.js'];
  expect(await firstLoad(page, read)).toEqual({
    files: loaded,
    bytes: loaded.reduce((sum, path) => sum + gzipSync(files[path]!).length, 0),
  });
});

test('a client that is too large after compression is reported', async () => {
  const built = (script: string) => ({
    'vite.config.ts': "export default { root: 'client', build: { outDir: '../dist/public' } };",
    'dist/public/index.html': '<script type="module" src="/assets/main.js"></script>',
    'dist/public/assets/main.js': script,
  });
  const noise = randomBytes(150_000).toString('hex');
  expect(await places('first-load-large', built(`import "./more.js"; "${noise}"`))).toEqual([]);
  expect(await places('first-load-large', built('x'.repeat(3_000_000)))).toEqual([]);
  expect(
    await places('first-load-large', {
      ...built(`import "./more.js"; "${noise}"`),
      'dist/public/assets/more.js': `"${randomBytes(100_000).toString('hex')}"`,
    }),
  ).toEqual(['dist/public/index.html']);
});
