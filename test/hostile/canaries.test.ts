import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deployPlan } from '../../lib/approval/deploy-plan';
import { AwsApi } from '../approval/aws-api';
import { deployOptions, register, reset, session, shop } from '../approval/shop';
import { commandLine } from '../support/command-line';

/** Values that look like secrets, and that no output may hold. */
const CANARIES = {
  file: 'canary-in-a-file-of-variables-7f3a91',
  process: 'canary-in-the-process-52be0c',
  configuration: 'canary-in-the-configuration-c41d77',
};

const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
const application = join(folder, 'application');
const example = join(__dirname, '../../examples/guestbook');

beforeAll(() => {
  cpSync(example, application, {
    recursive: true,
    filter: (path) => !/node_modules|\/dist$|\.git$/.test(path.slice(example.length)),
  });
  symlinkSync(join(example, 'node_modules'), join(application, 'node_modules'));
  for (const name of ['.env', '.env.production', 'server/.env'])
    writeFileSync(
      join(application, name),
      `SESSION_SECRET=${CANARIES.file}\nDATABASE_URL=postgres://u:${CANARIES.file}@db/x\n`,
    );
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  for (const name of ['SESSION_SECRET', 'DATABASE_URL', 'PGPASSWORD', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, CANARIES.process);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The outputs and files that hold a canary. */
function leaksIn(texts: readonly (readonly [name: string, text: string])[]): string[] {
  return texts.flatMap(([name, text]) =>
    Object.values(CANARIES)
      .filter((canary) => text.includes(canary))
      .map((canary) => `${name}: ${canary}`),
  );
}

const outputs: [string, string][] = [];

/** Runs a command and keeps its output. @returns its exit code */
async function run(...args: string[]): Promise<number> {
  const { code, out, err } = await commandLine(...args);
  outputs.push([args.slice(0, 2).join(' '), out + err]);
  return code;
}

test('no output of a command contains a secret of a file, the process or the configuration', {
  timeout: 240_000,
}, async () => {
  const from = ['--app', application, '--env', 'test'];
  const [plan, later] = [join(folder, 'out/plan'), join(folder, 'out/later')];
  const assembly = join(later, 'assembly');
  const trace = join(folder, 'trace.json');
  writeFileSync(trace, JSON.stringify({ version: 1, resources: {}, calls: [], connections: [] }));
  const codes = [
    await run('check', '--app', application),
    await run('synth', ...from, '--out', plan),
    await run('plan', ...from, '--local', '--base', plan, '--out', later),
    await run('review', '--base', plan, '--head', assembly, '--out', join(folder, 'out/review.html')),
    await run('rehearse', '--plan', assembly, '--replay', trace),
    await run('oncall', ...from),
    await run('secrets', 'set', 'DATABASE_URL', CANARIES.process, ...from),
  ];
  expect(codes).toEqual([expect.toBeOneOf([0, 2]), 0, 0, 0, 0, 0, 64]);
  execFileSync('git', ['init', '--quiet'], { cwd: application });
  writeFileSync(
    join(application, 'framework53.config.ts'),
    `export default { default: { application: { secrets: { SESSION_SECRET: 'provided' } } }, production: {
      account: '123456789012', delivery: { github: { repository: 'example/shop', createProvider: true } } } };`,
  );
  expect(await run('pipeline', '--app', application)).toBe(0);
  writeFileSync(
    join(application, 'framework53.config.ts'),
    `export default { default: { application: { secrets: { STRIPE_KEY: '${CANARIES.configuration}' } } } };`,
  );
  for (const command of ['build', 'synth', 'init', 'rehearse', 'plan', 'pipeline', 'status'])
    expect(await run(command, '--app', application)).toBe(1);
  expect(outputs.at(-1)![1]).toContain('application.secrets.STRIPE_KEY');

  const folders = ['out', 'cache', 'application/.github'].map((name) => join(folder, name));
  const written = folders.flatMap(filesIn);
  expect(written.length).toBeGreaterThan(20);
  const files = written.map((path) => [path, readFileSync(path, 'latin1')] as const);
  expect(leaksIn([...outputs, ...files])).toEqual([]);
});

test('a deployment writes and sends no secret of a file or the process', async () => {
  const aws = await new AwsApi().start();
  const { folder: deployed, remove } = shop();
  for (const name of ['.env', 'server/.env'])
    writeFileSync(join(deployed, name), `DATABASE_URL=postgres://u:${CANARIES.file}@db/x\n`);
  const lines: string[] = [];
  const out = join(folder, 'out/deployment');
  try {
    reset(aws, { approvals: 0 });
    await register(aws, deployed, out);
    aws.actAs(session('deployer'));
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', CANARIES.process);
    const progress = (line: string) => lines.push(line);
    await deployPlan({ ...deployOptions(deployed, aws, out), progress });
    const from = ['--app', deployed, '--env', 'production'];
    aws.fault = () => 'denied';
    for (const [command, ...more] of [
      ['approve', '--plan', out],
      ['deploy', '--plan', out],
      ['status'],
      ['rollback'],
    ])
      expect(await run(command!, ...more, ...from)).not.toBe(0);
    const stored = [...aws.parameters].map(([name, versions]) => [name, JSON.stringify(versions)] as const);
    const files = filesIn(out).map((path) => [path, readFileSync(path, 'latin1')] as const);
    const sent = ['requests', aws.received.join('\n')] as const;
    expect(stored.length).toBeGreaterThan(3);
    expect(leaksIn([...outputs, ...stored, ...files, sent, ['progress', lines.join('\n')]])).toEqual([]);
  } finally {
    await aws.stop();
    remove();
  }
});
