// Times what people wait for: commands, the checks of this repository and the import of each entry.
//   npm run bench                   prints medians, and the most memory that all processes took together
//   npm run bench -- synth review   only what has one of these words in its name
//   npm run bench -- --write        writes docs/performance.md
//   npm run bench -- --list         prints the names alone
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCases } from './bench/cases.mjs';
import { importTimes } from './bench/imports.mjs';
import { measure, median } from './bench/measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const words = args.filter((arg) => !arg.startsWith('--'));
const wanted = ({ name }) => words.length === 0 || words.some((word) => name.includes(word));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.entries(exports)
  .filter(([, entry]) => typeof entry !== 'string')
  .map(([name, entry]) => ({
    name: name.replace('.', 'framework53-cdk'),
    file: join(root, entry.default),
  }));

async function main(scratch) {
  const cases = benchCases(root, scratch).filter(wanted);
  const imports = entries.filter(wanted);
  if (args.includes('--list')) {
    for (const { name } of [...cases, ...imports]) process.stdout.write(`${name}\n`);
    return;
  }
  await import('./prepare.mjs');
  const commandRows = [];
  for (const { name, command, env, runs = 3, before } of cases) {
    process.stderr.write(`${name}\n`);
    const results = [];
    for (let index = 0; index < runs; index++) {
      before?.();
      results.push(await measure(command, { cwd: root, env }));
    }
    const failed = results.find(({ code }) => code !== 0);
    if (failed) throw new Error(`${name} ended with exit code ${failed.code}: ${command.join(' ')}`);
    const seconds = median(results.map((result) => result.seconds));
    const peak = Math.max(...results.map((result) => result.peak));
    commandRows.push([name, `${seconds.toFixed(1)} s`, `${peak.toFixed(0)} MiB`]);
  }
  const importRows = imports.map(({ name, file }) => {
    const { milliseconds, modules } = importTimes(file);
    return [name, `${milliseconds.toFixed(0)} ms`, String(modules)];
  });
  const text = [
    ...(commandRows.length > 0 ? [table(['command', 'median', 'most memory'], commandRows)] : []),
    ...(importRows.length > 0 ? [table(['entry', 'median', 'modules'], importRows)] : []),
  ];
  process.stdout.write(`${text.join('\n')}`);
  if (args.includes('--write')) writeFileSync(join(root, 'docs', 'performance.md'), page(text));
}

function table(head, rows) {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

function page([commands, imports]) {
  const machine = `${availableParallelism()} cores (${cpus()[0].model.trim()}), Node.js ${process.version}`;
  return `# Performance

Medians on ${machine}. \`npm run bench -- --write\` measures and writes this page; no test judges a time.

## Commands

The commands work on the guestbook (\`examples/guestbook\`). Memory is that of all processes of a command together.

${commands}
## Imports

\`require\` of each entry in a process of its own: the time, and the modules that Node.js loads for it, those of
aws-cdk-lib included. No entry loads the AWS SDK.

${imports}`;
}

if (args.includes('--write') && words.length > 0)
  throw new Error('--write takes no names: the page has them all');
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await main(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
