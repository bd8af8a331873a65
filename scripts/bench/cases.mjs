import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateApplication } from './generated-application.mjs';

/** Commands to measure. Later commands use results of earlier ones. */
export function benchCases(root, scratch) {
  const own = (...args) => [process.execPath, join(root, 'dist', 'bin', 'framework53.js'), ...args];
  const tool = (path, ...args) => [process.execPath, join(root, 'node_modules', path), ...args];
  const guestbook = ['--app', join(root, 'examples', 'guestbook')];
  const out = join(scratch, 'out');
  const changed = join(scratch, 'changed');
  const warm = { XDG_CACHE_HOME: join(scratch, 'warm') };
  const fresh = { XDG_CACHE_HOME: join(scratch, 'fresh') };
  return [
    { name: 'framework53 --help', command: own('--help'), env: warm, runs: 5 },
    {
      name: 'framework53 build',
      command: own('build', ...guestbook),
      env: fresh,
      before: () => rmSync(fresh.XDG_CACHE_HOME, { recursive: true, force: true }),
    },
    {
      name: 'framework53 build, 1,000 modules',
      command: own('build', '--app', join(scratch, 'generated'), '--out', join(scratch, 'generated-out')),
      env: fresh,
      before: () => {
        for (const folder of ['generated', 'generated-out'])
          rmSync(join(scratch, folder), { recursive: true, force: true });
        generateApplication(root, join(scratch, 'generated'));
      },
    },
    {
      name: 'framework53 check, 1,000 modules',
      command: own('check', '--app', join(scratch, 'generated-check')),
      env: warm,
      before: () => {
        rmSync(join(scratch, 'generated-check'), { recursive: true, force: true });
        generateApplication(root, join(scratch, 'generated-check'));
      },
    },
    { name: 'framework53 build, nothing changed', command: own('build', ...guestbook), env: fresh, runs: 5 },
    {
      name: 'framework53 synth --env development',
      command: own('synth', ...guestbook, '--out', join(scratch, 'development')),
      env: fresh,
    },
    {
      name: 'framework53 synth --env production',
      command: own('synth', '--env', 'production', ...guestbook, '--out', out),
      env: fresh,
    },
    {
      name: 'npx cdk synth -c env=production',
      command: tool('aws-cdk/bin/cdk', 'synth', '-q', '-c', 'env=production', '-o', join(scratch, 'cdk')),
      env: { ...fresh, CDK_VALIDATION: 'false' },
    },
    {
      name: 'framework53 review of two plans',
      command: own('review', '--base', out, '--head', changed, '--fail-on', 'never'),
      env: fresh,
      runs: 5,
      before: () => changePlan(out, changed),
    },
    {
      name: 'framework53 oncall --env production',
      command: own('oncall', '--env', 'production', ...guestbook),
      env: fresh,
      runs: 5,
    },
    { name: 'framework53 rehearse', command: own('rehearse', ...guestbook), env: fresh, runs: 1 },
    { name: 'npm run build', command: [process.execPath, join(root, 'scripts', 'build.mjs')] },
    { name: 'npm run typecheck', command: tool('typescript/bin/tsc') },
    { name: 'npm run lint', command: tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.') },
    {
      name: 'npx vitest run test/constructs/network',
      command: tool('vitest/vitest.mjs', 'run', 'test/constructs/network'),
    },
    {
      name: 'npx vitest run test/stacks',
      command: tool('vitest/vitest.mjs', 'run', 'test/stacks'),
      runs: 1,
    },
  ];
}

/** Synthesised plan with another database capacity. */
function changePlan(out, changed) {
  cpSync(out, changed, { recursive: true });
  const template = join(changed, 'guestbook-production-data.template.json');
  writeFileSync(template, readFileSync(template, 'utf8').replace('"MinCapacity": 2', '"MinCapacity": 4'));
}
