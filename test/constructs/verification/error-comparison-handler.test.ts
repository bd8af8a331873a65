import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isComplete, onEvent } from '../../../constructs/verification/error-comparison.lambda';
import { mockClient } from '../../support/mock-client';

const logs = mockClient(CloudWatchLogsClient);
const cloudFormation = mockClient(CloudFormationClient);
const NOON = Date.UTC(2026, 0, 2, 12);
const MINUTE = 60_000;

const properties = (release: string, more: object = {}) => ({
  ServiceToken: 'arn',
  LogGroup: 'shop-server',
  StreamPrefix: release,
  Release: `shop:${release}`,
  Minutes: '10',
  Tolerated: '10',
  Times: '3',
  ...more,
});
// biome-ignore lint/suspicious/noExplicitAny: events are as CloudFormation sends them, not as our types say
const event = (type: string, more: object = {}): any => ({
  RequestType: type,
  RequestId: 'request-1',
  StackId: 'stack-1',
  LogicalResourceId: 'Run',
  ...(type === 'Create' ? {} : { PhysicalResourceId: 'Run' }),
  ResourceProperties: properties('r2'),
  ...more,
});
const update = (more: object = {}) => event('Update', { OldResourceProperties: properties('r1'), ...more });
const watched = (more: object = {}) =>
  update({ Compare: 'yes', From: String(NOON), UsualQuery: 'usual', ...more });
const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });
const counted = (classes: Record<string, number>): Partial<GetQueryResultsCommandOutput> => ({
  status: 'Complete',
  results: Object.entries(classes).map(([name, errors]) => [
    { field: 'class', value: name },
    { field: 'errors', value: String(errors) },
  ]),
});
const answers = (now: Record<string, number>, before: Record<string, number> = {}) => {
  logs.on(GetQueryResultsCommand, { queryId: 'usual' }).resolves(counted(before));
  logs.on(GetQueryResultsCommand, { queryId: 'now' }).resolves(counted(now));
};
const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const queries = () => logs.commandCalls(StartQueryCommand).map(({ args }) => args[0].input);
const at = (minutes: number) => vi.setSystemTime(NOON + minutes * MINUTE);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  at(0);
  process.env['POLL_MS'] = '1';
  process.env['AWS_REGION'] = 'us-east-1';
  for (const client of [logs, cloudFormation]) client.reset();
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  logs.on(StartQueryCommand).resolves({ queryId: 'now' });
  stackIs('UPDATE_IN_PROGRESS');
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  delete process.env['POLL_MS'];
  delete process.env['AWS_REGION'];
});

describe('at the start', () => {
  test('queries the previous day, without the release itself', async () => {
    expect(await onEvent(update())).toEqual({
      PhysicalResourceId: 'Run',
      Compare: 'yes',
      From: String(NOON),
      UsualQuery: 'now',
    });
    expect(queries()).toEqual([
      {
        logGroupName: 'shop-server',
        queryString: expect.stringContaining('@logStream not like "r2/"'),
        startTime: NOON / 1000 - 86_400,
        endTime: NOON / 1000,
      },
    ]);
  });

  test('queries the whole previous day if both releases write to the same streams', async () => {
    await onEvent(update({ OldResourceProperties: properties('r2', { Release: 'shop:r1' }) }));
    expect(queries()[0]?.queryString).not.toContain('@logStream');
  });

  const nothing = { PhysicalResourceId: 'Run', Compare: 'no' };
  test.each([
    ['the first release', event('Create')],
    ['its deletion', event('Delete')],
    ['the same release', update({ OldResourceProperties: properties('r1', { Release: 'shop:r2' }) })],
  ])('skips the comparison for %s', async (_, given) => {
    expect(await onEvent(given)).toEqual(nothing);
    expect(await isComplete({ ...given, ...nothing })).toEqual({ IsComplete: true });
    expect(logs.calls()).toEqual([]);
  });

  test('skips the comparison during a rollback, or if the stack status is unknown', async () => {
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await onEvent(update())).toEqual(nothing);
    cloudFormation.on(DescribeStacksCommand).rejects(new Error('throttled'));
    expect(await onEvent(update())).toEqual(nothing);
    expect(logs.calls()).toEqual([]);
  });

  test('passes a release if Logs Insights is unavailable, and fails if it refuses', async () => {
    logs.on(StartQueryCommand).rejects(refusal('ServiceUnavailableException', 503));
    expect(await onEvent(update())).toEqual(nothing);
    logs.on(StartQueryCommand).rejects(refusal('AccessDeniedException', 400));
    await expect(onEvent(update())).rejects.toThrow('AccessDeniedException');
  });
});

describe('during the comparison', () => {
  test("queries the release's own lines from its start until now", async () => {
    answers({ database: 2 }, { database: 2 });
    at(4);
    expect(await isComplete(watched())).toEqual({ IsComplete: false });
    expect(queries()).toEqual([
      {
        logGroupName: 'shop-server',
        queryString: expect.stringContaining('@logStream like "r2/"'),
        startTime: NOON / 1000,
        endTime: NOON / 1000 + 240,
      },
    ]);
  });

  test('fails at once for a new class, with counts and a link', async () => {
    answers({ payment: 34, database: 2 }, { database: 2 });
    at(1);
    await expect(isComplete(watched())).rejects.toThrow(
      /^the release logs new or more frequent errors, within 10 minutes:\npayment: 34, none in the 24 hours before\nhttps:\/\/us-east-1\.console.*r2.*$/,
    );
  });

  test('fails for a class that is far more frequent than before', async () => {
    answers({ database: 34 }, { database: 4 });
    at(1);
    await expect(isComplete(watched())).rejects.toThrow(
      'database: 34, at most 4 in any 10 minutes of the 24 hours before',
    );
  });

  test('names at most five classes', async () => {
    answers(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`class${n}`, 100 - n])));
    await expect(isComplete(watched())).rejects.toThrow(/class4: 96.*\nand 4 more\nhttps/);
  });

  test('is complete after the time plus the delay of log lines', async () => {
    answers({ database: 4 }, { database: 4 });
    at(10);
    expect(await isComplete(watched())).toEqual({ IsComplete: false });
    at(11);
    expect(await isComplete(watched())).toEqual({ IsComplete: true });
    expect(queries().at(-1)?.endTime).toBe(NOON / 1000 + 600);
  });

  test('waits for a running query, and finally passes the release', async () => {
    answers({});
    logs
      .on(GetQueryResultsCommand, { queryId: 'usual' })
      .resolvesOnce({ status: 'Scheduled' })
      .resolvesOnce({ status: 'Running' })
      .resolves({ status: 'Timeout' });
    at(12);
    expect(await isComplete(watched())).toEqual({ IsComplete: false });
    at(14);
    expect(await isComplete(watched())).toEqual({ IsComplete: true });
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('were not compared'));
  });

  test('continues after throttling, and fails after a refusal', async () => {
    answers({});
    logs.on(StartQueryCommand).rejects(refusal('LimitExceededException', 400));
    expect(await isComplete(watched())).toEqual({ IsComplete: false });
    logs.on(StartQueryCommand).rejects(refusal('MalformedQueryException', 400));
    await expect(isComplete(watched())).rejects.toThrow('MalformedQueryException');
  });
});
