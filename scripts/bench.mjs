// Times what people wait for, and shows the most memory its processes took together. Prints, judges nothing.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const command = ['node', join(root, 'dist', 'bin', 'framework53.js')];
const guestbook = ['--app', join(root, 'examples', 'guestbook')];
const fresh = { XDG_CACHE_HOME: join(scratch, 'fresh') };
const warm = { XDG_CACHE_HOME: join(scratch, 'warm') };

const cases = [
  ['help', [...command, '--help'], warm, 5],
  [
    'build the guestbook',
    [...command, 'build', ...guestbook],
    fresh,
    3,
    () => rmSync(fresh.XDG_CACHE_HOME, { recursive: true, force: true }),
  ],
  ['build it again, nothing changed', [...command, 'build', ...guestbook], warm, 5],
  [
    'synth production',
    [...command, 'synth', '--env', 'production', ...guestbook, '--out', join(scratch, 'out')],
    warm,
    3,
  ],
  [
    'review two plans of production',
    [
      ...command,
      'review',
      '--base',
      join(scratch, 'out'),
      '--head',
      join(scratch, 'changed'),
      '--fail-on',
      'never',
    ],
    warm,
    5,
    changePlan,
  ],
  ['npx cdk ls', ['npx', 'cdk', 'ls', '-c', 'env=production', '-o', join(scratch, 'cdk')], warm, 3],
  ['rehearse production', [...command, 'rehearse', ...guestbook], warm, 1],
];

/** The plan that was synthesised, with another database capacity. */
function changePlan() {
  const changed = join(scratch, 'changed');
  cpSync(join(scratch, 'out'), changed, { recursive: true });
  const template = join(changed, 'guestbook-production-data.template.json');
  writeFileSync(template, readFileSync(template, 'utf8').replace('"MinCapacity": 2', '"MinCapacity": 4'));
}

/** Resident memory of a process and all below it, in MiB. */
function memoryOf(pid) {
  if (process.platform === 'win32') return 0;
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [child, parent] of rows) if (family.has(parent)) family.add(child);
  }
  return rows.reduce((sum, [id, , rss]) => (family.has(id) ? sum + rss / 1024 : sum), 0);
}

function run([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, memoryOf(child.pid));
    }, 200);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(sampling);
      resolve({ seconds: (performance.now() - started) / 1000, peak, code });
    });
  });
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
try {
  await run(cases[2][1], warm);
  process.stdout.write(`${'what'.padEnd(34)}${'median s'.padStart(10)}${'peak MiB'.padStart(10)}  runs\n`);
  for (const [name, args, env, runs, before] of cases) {
    const results = [];
    for (let index = 0; index < runs; index++) {
      before?.();
      results.push(await run(args, env));
    }
    const failed = results.find(({ code }) => code !== 0);
    const figures = failed
      ? `  ended with exit code ${failed.code}`
      : `${median(results.map(({ seconds }) => seconds))
          .toFixed(2)
          .padStart(10)}${Math.max(...results.map(({ peak }) => peak))
          .toFixed(0)
          .padStart(10)}  ${runs}`;
    process.stdout.write(`${name.padEnd(34)}${figures}\n`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
