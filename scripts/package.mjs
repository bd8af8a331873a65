// Compiles the content of the package, with declarations, into DIR/dist (default: of the checkout, before `npm pack`).
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? root);
const node = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });

node(join(root, 'scripts', 'build.mjs'), '--package', folder);
node(
  join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  ...['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')],
);
