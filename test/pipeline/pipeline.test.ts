import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Command } from '../../cli/command';
import { workflows } from '../../lib/pipeline/workflows';
import { applicationFolder } from '../support/application-folder';
import { commandLine } from '../support/command-line';

const environments = [
  { environment: 'staging', account: '111111111111', architecture: 'arm64' as const },
  { environment: 'production', account: '222222222222', architecture: 'x86_64' as const },
].map((one) => ({ ...one, name: `shop-${one.environment}`, region: 'eu-west-1' }));
const files = workflows({ folder: 'apps/shop', branch: 'main', environments });

interface Step {
  uses?: string;
  run?: string;
  name?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
}
interface Job {
  needs?: string;
  environment?: string;
  permissions: Record<string, string>;
  concurrency?: { group: string };
  steps: Step[];
  'timeout-minutes': number;
}
interface Workflow {
  permissions: object;
  jobs: Record<string, Job>;
  defaults?: { run: { 'working-directory': string } };
}
const parsed = files.map(({ path, text }) => [path.split('/').at(-1)!, parse(text) as Workflow] as const);
const jobs = parsed.flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ file, name, job })),
);
const steps = jobs.flatMap(({ file, name, job }) => job.steps.map((step) => ({ file, name, job, step })));

test('there are four workflows', () => {
  expect(files.map(({ path }) => path)).toEqual(
    ['pull-request', 'deploy', 'rollback', 'drift'].map(
      (name) => `.github/workflows/framework53-${name}.yml`,
    ),
  );
});

const tools = createRequire(join(__dirname, '..', 'tools', 'package.json'));
const validator = (() => {
  try {
    return tools('@action-validator/core') as { validateWorkflow(text: string): { errors: unknown[] } };
  } catch {
    return undefined;
  }
})();
if (!validator)
  console.warn(
    'test/tools is not installed (cd test/tools && npm ci): workflows are not validated with @action-validator/core',
  );
describe.skipIf(!validator)('the schema of workflows', () => {
  test.each(files)('accepts $path', ({ text }) => {
    expect(validator!.validateWorkflow(text).errors).toEqual([]);
  });

  test('rejects other content', () => {
    const wrong = files[0]!.text.replace('runs-on: ubuntu-24.04', 'run-on: ubuntu-24.04');
    expect(validator!.validateWorkflow(wrong).errors).not.toEqual([]);
  });
});

describe('every job', () => {
  test('has least permissions and no secret', () => {
    for (const [, { permissions }] of parsed) expect(permissions).toEqual({});
    for (const { file, name, job } of jobs) {
      const wanted =
        name === 'comment'
          ? { 'pull-requests': 'write' }
          : job.environment
            ? { contents: 'read', 'id-token': 'write' }
            : { contents: 'read' };
      expect([file, name, job.permissions]).toEqual([file, name, wanted]);
    }
    for (const { text } of files) expect(text).not.toMatch(/secrets\.|AKIA|aws-secret-access-key/);
  });

  test('has a timeout, and a lock for each environment', () => {
    for (const { job } of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const { name, job } of jobs.filter(({ name }) => /^(deploy|rollback)-/.test(name)))
      expect(job.concurrency).toEqual({ group: `framework53-${name.split('-')[1]}` });
  });

  test('pins actions to commits', () => {
    for (const { step } of steps) if (step.uses) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const { text } of files) expect(text).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+/);
  });

  test('with credentials runs in a GitHub environment and assumes its role in its account', () => {
    for (const { name, job, step } of steps.filter(({ step }) =>
      step.uses?.includes('configure-aws-credentials'),
    )) {
      const [kind, environment] = name.split('-');
      const role = { plan: 'planner', deploy: 'deployer', rollback: 'deployer', drift: 'reader' }[kind!];
      const suffix = { planner: '-plan', deployer: '', reader: '-read' }[role!];
      const { account } = environments.find((one) => one.environment === environment)!;
      expect(job.environment).toBe(`${environment}${suffix}`);
      expect(step.with!['role-to-assume']).toBe(`arn:aws:iam::${account}:role/shop-${environment}-${role}`);
      expect(step.with!['allowed-account-ids']).toBe(account);
    }
  });

  test('inserts no external text into a script', () => {
    for (const { step } of steps) expect(step.run ?? '').not.toContain('${{');
  });
});

test('an environment is planned after the previous one is verified', () => {
  const deploy = parsed.find(([file]) => file.includes('deploy'))![1].jobs;
  expect(Object.entries(deploy).map(([name, { needs }]) => [name, needs])).toEqual([
    ['plan-staging', undefined],
    ['deploy-staging', 'plan-staging'],
    ['verify-staging', 'deploy-staging'],
    ['plan-production', 'verify-staging'],
    ['deploy-production', 'plan-production'],
    ['verify-production', 'deploy-production'],
  ]);
  expect(deploy['plan-staging']).toMatchObject({ 'runs-on': 'ubuntu-24.04-arm' });
});

describe('each script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steps-'));
  const bin = join(folder, 'bin');
  const calls = join(folder, 'calls.txt');
  const shim = (name: string, script: string) => {
    writeFileSync(
      join(bin, name),
      `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $*" >> ${calls}\n${script}\n`,
    );
    chmodSync(join(bin, name), 0o755);
  };
  beforeAll(() => {
    mkdirSync(bin);
    mkdirSync(join(folder, 'temp', 'plan'), { recursive: true });
    writeFileSync(join(folder, 'temp', 'plan', 'plan.json'), JSON.stringify({ digest: 'a'.repeat(64) }));
    writeFileSync(join(folder, 'temp', 'plan', 'review.md'), '# Review\n');
    writeFileSync(join(folder, 'temp', 'review.md'), '# Review\n');
    shim('npm', '');
    shim('gh', '');
    shim(
      'npx',
      `case "$3" in status) echo '{"release":{"url":"https://d1.cloudfront.net"},"drift":[]}';; esac`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (script: string, env: Record<string, string> = {}) =>
    spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: join(folder, 'temp'),
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH']}`,
        RUNNER_TEMP: join(folder, 'temp'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_OUTPUT: join(folder, 'output.txt'),
        ...env,
      },
    });

  test('runs, with stubs for commands that need an account', () => {
    for (const { file, name, step } of steps) {
      if (!step.run) continue;
      const env = Object.fromEntries(Object.keys(step.env ?? {}).map((key) => [key, 'false']));
      const { status, stderr } = run(step.run, { ...env, TO: '' });
      expect([file, name, step.run, status, stderr]).toEqual([file, name, step.run, 0, '']);
    }
    expect(readFileSync(join(folder, 'output.txt'), 'utf8')).toContain('url=https://d1.cloudfront.net\n');
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain(
      `npx framework53 approve --env production --plan ${'a'.repeat(64)}`,
    );
    expect(existsSync(join(folder, 'temp', 'plan.tgz'))).toBe(true);
  });

  test('calls existing commands with existing options', async () => {
    const words = readFileSync(calls, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('npx --no framework53 '));
    expect(words.length).toBeGreaterThan(15);
    for (const line of words) {
      const [, , , name, ...rest] = line.split(' ');
      const command = Object.values(await import(`../../cli/${name}.ts`))[0] as Command;
      for (const option of rest.filter((word) => word.startsWith('--') && !['--if-present'].includes(word)))
        expect([line, Object.keys(command.options)]).toEqual([
          line,
          expect.arrayContaining([option.slice(2)]),
        ]);
    }
  });

  test('of a rollback passes the requested release as one word', () => {
    const rollback = steps.find(
      ({ name, step }) => name === 'rollback-production' && step.run?.includes('words'),
    )!;
    run(rollback.step.run!, { TO: '3f9a; rm -rf /', DRY_RUN: 'true' });
    expect(readFileSync(calls, 'utf8').trimEnd().split('\n').at(-1)).toBe(
      'npx --no framework53 rollback --env production --to 3f9a; rm -rf / --dry-run',
    );
  });

  test('of the nightly check fails on drift', () => {
    writeFileSync(join(folder, 'temp', 'status.json'), '{"drift":["the pointer was moved"]}');
    const look = steps.find(
      ({ name, step }) => name === 'drift-production' && step.run?.includes('node -e'),
    )!;
    const { status, stdout } = run(look.step.run!);
    expect([status, stdout]).toEqual([1, 'the pointer was moved\n']);
  });
});

describe('framework53 pipeline', () => {
  const { folder, remove } = applicationFolder({
    'framework53.config.ts': `export default {
      default: { delivery: { github: { repository: 'example/shop', createProvider: true } } },
      staging: { account: '111111111111' }, production: { account: '222222222222' },
      development: { delivery: { github: undefined } },
    }`,
  });
  afterAll(remove);
  const pipeline = (...words: string[]) => commandLine('pipeline', '--app', folder, ...words);
  const file = join(folder, '.github/workflows/framework53-deploy.yml');
  const configure = (text: string) =>
    writeFileSync(join(folder, 'framework53.config.ts'), `export default ${text}`);

  test('writes missing files, and shows a diff before it overwrites one', async () => {
    execFileSync('git', ['init', '-q', folder]);
    configure(
      `{ staging: { account: '111111111111', delivery: { github: { repository: 'example/shop', createProvider: true } } } }`,
    );
    const first = await pipeline();
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain('framework53-deploy.yml: written');
    expect(first.out).toContain('staging, staging-plan, staging-read');
    const written = readFileSync(file, 'utf8');
    expect(written).not.toContain('working-directory');
    expect((await pipeline()).out).toContain('framework53-deploy.yml: up to date');

    writeFileSync(file, written.replace('timeout-minutes: 240', 'timeout-minutes: 10'));
    const second = await pipeline();
    expect(second.code).toBe(2);
    expect(second.out).toMatch(
      /framework53-deploy\.yml: differs[^\n]*\n.*- {4}timeout-minutes: 10\n\+ {4}timeout-minutes: 240/s,
    );
    expect(readFileSync(file, 'utf8')).toContain('timeout-minutes: 10');
    expect((await pipeline('--write')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test.each([
    ['{}', 'no environment has delivery.github'],
    [
      "{ test: { delivery: { github: { repository: 'example/shop', createProvider: true } } } }",
      "set 'account', because",
    ],
  ])('fails for %s, and names the setting', async (config, message) => {
    configure(config);
    expect(await pipeline()).toMatchObject({ code: 1, err: expect.stringContaining(message) });
  });
});
