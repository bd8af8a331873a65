// Makes a checkout ready to use: compiles the sources, and installs the dependencies of the example application.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// npm prepares again after it has compiled the content of the package, and would add the other files to it.
if (/^(pack|publish)$/.test(process.env.npm_command ?? '')) process.exit();

const root = fileURLToPath(new URL('..', import.meta.url));
const is = (marker, digest) => existsSync(marker) && readFileSync(marker, 'utf8') === digest;

/** Returns a digest of the lockfile and of the sources' times and sizes. */
function sources() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['bin', 'cli', 'config', 'constructs', 'lib', 'scripts'])
    for (const file of readdirSync(join(root, folder), { recursive: true }).sort()) {
      const { mtimeMs, size } = statSync(join(root, folder, file));
      hash.update(`${folder}/${file} ${mtimeMs} ${size}\n`);
    }
  return hash.digest('hex');
}

const compiled = join(root, 'dist', '.sources');
const today = sources();
if (!existsSync(join(root, 'bundles')) || !is(compiled, today)) {
  await import('./build.mjs');
  writeFileSync(compiled, today);
}

const example = join(root, 'examples', 'guestbook');
const lock = createHash('sha256')
  .update(readFileSync(join(example, 'package-lock.json')))
  .digest('hex');
const installed = join(example, 'node_modules', '.installed-lock');
if (!is(installed, lock)) {
  process.stderr.write('installing the dependencies of examples/guestbook\n');
  // npm passes its own settings as variables, but this installation has another folder and lockfile.
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
  writeFileSync(installed, lock);
}
