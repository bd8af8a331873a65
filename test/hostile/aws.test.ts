import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pages } from '../../constructs/pages';
import { soundAnswers } from '../../lib/aws/sound-answers';
import { AwsApi } from '../approval/aws-api';
import { register, reset, session, shop } from '../approval/shop';
import { commandLine } from '../support/command-line';

// Answers that AWS does not send.

const aws = new AwsApi();
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const application = shop();
beforeAll(async () => {
  await aws.start();
  reset(aws);
  await register(aws, application.folder, folder);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterAll(async () => {
  await aws.stop();
  application.remove();
  rmSync(folder, { recursive: true });
});

const page = '<!doctype html><html><body>Sign in to the network</body></html>';
const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
const ANSWERS: Readonly<Record<string, string | { status: number; text: string }>> = {
  'the page of a proxy': page,
  'the page of a proxy that forbids': { status: 403, text: page },
  nothing: '',
  text: 'hello',
  null: 'null',
  'a list': '[]',
  'half an object': '{"Parameters"',
  'objects in objects': deep,
  'elements in elements': '<a>'.repeat(100_000),
  'answers in answers': `<DescribeStacksResponse>${'<a>'.repeat(100_000)}`,
  'a list with a hole':
    '{"Parameters":[null],"services":[null],"__proto__":{"Parameters":[{}]},"imageDetails":[null]}',
  'a very long text': `{"a":"${'x'.repeat(17_000_000)}"}`,
};

const COMMANDS: readonly [command: string, role: string, operations: readonly string[]][] = [
  ['status', 'reader', ['DescribeStacks', 'DescribeServices', 'GetParametersByPath']],
  ['review --base deployed --head PLAN/assembly', 'reader', ['GetTemplate']],
  [
    'approve --plan PLAN --as alice',
    'approver',
    ['GetCallerIdentity', 'GetParameter', 'GetParameterHistory'],
  ],
  ['deploy --plan PLAN', 'deployer', ['DescribeChangeSet', 'DescribeImages']],
];

describe.each(COMMANDS)('%s refuses, in one message,', (command, role, operations) => {
  const cases = operations.flatMap((operation) =>
    Object.keys(ANSWERS).map((name) => [name, operation] as const),
  );
  test.each(cases)('%s in answer to %s', async (name, operation) => {
    aws.actAs(session(role, 'alice'));
    const words = command.replaceAll('PLAN', folder).split(' ');
    aws.instead = (asked) => {
      if (asked === operation) return ANSWERS[name];
      // The fake account has no servers.
      return command === 'status' && asked !== 'DescribeStacks' ? '{}' : undefined;
    };
    const { code, err } = await commandLine(...words, '--app', application.folder, '--env', 'production');
    expect(err).toMatch(/^framework53: .*the answer of \w+ to \w+ does not come from AWS: /m);
    expect(err).not.toMatch(/Deserialization|is not (a function|iterable)|Cannot|Unexpected|call stack/);
    expect(err.length).toBeLessThan(500);
    expect(code).toBe(1);
  });
});

test('an empty answer to a command without values is accepted', async () => {
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html#API_DeleteParameter_ResponseElements
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = soundAnswers(
    new SSMClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    }),
  );
  await expect(client.send(new DeleteParameterCommand({ Name: '/lock' }))).resolves.toMatchObject({
    $metadata: { httpStatusCode: 200 },
  });
  await expect(client.send(new GetParameterCommand({ Name: '/lock' }))).rejects.toThrow(/it is empty/);
  client.destroy();
  server.close();
});

test('a server that never answers ends in an error', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new STSClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 1 });
  await expect(soundAnswers(client, 50).send(new GetCallerIdentityCommand({}))).rejects.toThrow(
    /timed out|timeout/i,
  );
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a list of pages comes to an end:', () => {
  const read = async (tokens: Iterator<string | undefined, string>) => {
    const found: number[] = [];
    const lists = pages(
      async () => found.length,
      () => tokens.next().value,
    );
    for await (const page of lists) found.push(page);
    return found;
  };
  const forever = function* (...tokens: string[]): Generator<string, string> {
    for (;;) yield* tokens;
  };

  test('the last page has no token, or an empty one', async () => {
    expect(await read([undefined].values() as never)).toEqual([0]);
    expect(await read(['a', 'b', ''].values() as never)).toEqual([0, 1, 2]);
  });

  test('a token that repeats, tokens in turn, and new tokens for ever', async () => {
    const fresh = function* (): Generator<string, string> {
      for (let n = 0; ; n += 1) yield `${n}`;
    };
    for (const tokens of [forever('a'), forever('a', 'b', 'c')])
      await expect(read(tokens)).rejects.toThrow(/end of a list: it sends a token of an earlier page/);
    await expect(read(fresh())).rejects.toThrow(/more than 1000 pages/);
  });

  test('of the Parameter Store', async () => {
    aws.actAs(session('reader'));
    aws.instead = (asked) => (asked === 'DescribeStacks' ? undefined : '{"NextToken":"a","nextToken":"a"}');
    const { code, err } = await commandLine(
      ...['status', '--app', application.folder, '--env', 'production'],
    );
    expect([code, err]).toEqual([1, expect.stringContaining('AWS does not come to the end of a list')]);
  });
});
