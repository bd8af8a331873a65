import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '../..');
const SCRIPT = join(ROOT, 'scripts/aws-api-server.py');
const ACCOUNT = '123456789012';
/** The region in which an environment has three stacks. */
const REGION = 'us-east-1';
/** `npm test` leaves this out, because it takes minutes of the CPU; `AWS_API=moto` runs it. */
const wanted = process.env['AWS_API'] === 'moto';
const python = ['python3', 'python'].find(
  (command) => wanted && spawnSync(command, ['-c', 'import moto.server']).status === 0,
);
if (wanted && !python)
  console.warn('plans are not deployed against an AWS-API server: run `pip install moto[server]==5.2.1`');

describe.runIf(python)('a plan, from its registration to its deployment, against an AWS API server', () => {
  let server: ChildProcess;
  let endpoint = '';
  let folder = '';
  const out = mkdtempSync(join(tmpdir(), 'plans-'));
  /** Variables with the credentials of each person. */
  const people: Record<string, NodeJS.ProcessEnv> = {};
  const root = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const client = (credentials: object = root) => ({ region: REGION, endpoint, credentials }) as never;

  /** Runs a program of this project as a person, or as the administrator of the account. */
  const run = async (program: string, args: readonly string[], who = 'admin') => {
    const child = spawn(process.execPath, [join(ROOT, program), ...args], {
      cwd: out,
      env: { ...process.env, ...people[who] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, output };
  };
  const framework53 = (who: string, command: string, ...args: string[]) =>
    run('dist/bin/framework53.js', [command, '--env', 'production', '--app', folder, ...args], who);
  const cdk = (...args: string[]) => run('node_modules/aws-cdk/bin/cdk', args);

  const variables = ({ accessKeyId = '', secretAccessKey = '', sessionToken = '' }) => ({
    AWS_ENDPOINT_URL: endpoint,
    // Only with this host name does the server treat the bucket as part of the path.
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: endpoint.replace('127.0.0.1', 'localhost'),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  /** Signs a person in, and returns the user id that AWS knows the person by. */
  async function signIn(name: string): Promise<string> {
    const { Role } = await new IAMClient(client()).send(
      new CreateRoleCommand({
        RoleName: `sso-${name}`,
        AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
      }),
    );
    const { Credentials } = await new STSClient(client()).send(
      new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: `${name}@example.com` }),
    );
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = Credentials!;
    const session = { accessKeyId, secretAccessKey, sessionToken };
    people[name] = variables(session);
    return (await new STSClient(client(session)).send(new GetCallerIdentityCommand({}))).UserId!;
  }

  const stacks = async () => {
    const { Stacks = [] } = await new CloudFormationClient(client()).send(new DescribeStacksCommand({}));
    return Stacks.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`)
      .filter((line) => line.startsWith('guestbook-production-'))
      .sort();
  };

  beforeAll(async () => {
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    server = spawn(python!, [SCRIPT, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await isUp(endpoint);
    people['admin'] = variables(root);
    const [alice, bob] = [await signIn('alice'), await signIn('bob')];
    folder = guestbook(out);
    writeFileSync(
      join(folder, 'framework53.config.ts'),
      `export default { production: { account: '${ACCOUNT}', region: '${REGION}',
        delivery: { approvals: 1, evidence: ['review', 'check'], people: [
          { name: 'alice', userId: '${alice}', may: ['approve'] },
          { name: 'bob', userId: '${bob}', may: ['plan', 'deploy'] },
        ] } } }`,
    );
    const bootstrap = await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`, '--app', '');
    expect(bootstrap, bootstrap.output).toMatchObject({ code: 0 });
    const app = `${process.execPath} ${join(ROOT, 'dist/bin/app.js')}`;
    const roles = await cdk(
      ...['deploy', '--app', app, '-c', 'env=production', '-c', `app=${folder}`, '-c', 'delivery=true'],
      ...['--method', 'direct', '--require-approval', 'never'],
    );
    expect(roles, roles.output).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => {
    server?.kill();
    rmSync(out, { recursive: true });
  });

  test('is deployed once, by a permitted person, after another person approved it', {
    timeout: 240_000,
  }, async () => {
    const done = async (who: string, command: string, ...args: string[]) => {
      const result = await framework53(who, command, ...args);
      expect(result, result.output).toMatchObject({ code: 0 });
      return result.output;
    };
    expect(await done('bob', 'plan', '--out', 'first')).toMatch(/author +bob/);
    expect(await framework53('bob', 'deploy', '--plan', 'first')).toMatchObject({ code: 2 });
    expect(await framework53('bob', 'approve', '--plan', 'first', '--yes')).toMatchObject({ code: 2 });
    expect(await done('alice', 'approve', '--plan', 'first', '--yes')).toMatch(/alice approves plan/);
    const deployed = await done('bob', 'deploy', '--plan', 'first');
    expect(deployed).toMatch(/author +bob\n +approved +alice\n/);
    expect(deployed).toMatch(/guestbook-production-release is CREATE_COMPLETE, release [0-9a-f]{16}/);
    expect(await stacks()).toEqual(
      ['data', 'delivery', 'operations', 'release'].map(
        (part) => `guestbook-production-${part} CREATE_COMPLETE`,
      ),
    );
    const again = await framework53('bob', 'deploy', '--plan', 'first');
    expect(again).toMatchObject({ code: 2, output: expect.stringContaining('has already been deployed') });
  });
});

/** A copy of the example application, with its packages. */
function guestbook(folder: string): string {
  const [from, to] = [join(ROOT, 'examples/guestbook'), join(folder, 'guestbook')];
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
  return to;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function isUp(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (
      await fetch(`${endpoint}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no server at ${endpoint}`);
}
