// Makes a checkout ready to use: compiled sources, and the example application with its own dependencies.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// npm prepares once more when it has just compiled what the package holds, and would add the rest to it.
if (/^(pack|publish)$/.test(process.env.npm_command ?? '')) process.exit();
await import('./build.mjs');

const example = fileURLToPath(new URL('../examples/guestbook', import.meta.url));
const lock = createHash('sha256')
  .update(readFileSync(join(example, 'package-lock.json')))
  .digest('hex');
const marker = join(example, 'node_modules', '.installed-lock');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  process.stderr.write('installing the dependencies of examples/guestbook\n');
  // npm hands its own settings down as variables; this install has a folder and a lockfile of its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_ignore_scripts|package_|lifecycle_)/i.test(name),
    ),
  );
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: example,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  writeFileSync(marker, lock);
}
