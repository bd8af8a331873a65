import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type CanaryRun, GetCanaryRunsCommand, SyntheticsClient } from '@aws-sdk/client-synthetics';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isComplete, onEvent } from '../../../constructs/monitoring/first-canary-run.lambda';
import { mockClient } from '../../support/mock-client';

const synthetics = mockClient(SyntheticsClient as never);
const cloudFormation = mockClient(CloudFormationClient);
const NOON = Date.UTC(2026, 0, 2, 12);
const MINUTE = 60_000;

const properties = (release: string) => ({
  ServiceToken: 'arn',
  Canary: 'shop',
  Release: release,
  Minutes: '12',
});
// biome-ignore lint/suspicious/noExplicitAny: events are as CloudFormation sends them, not as our types say
const event = (type: string, more: object = {}): any => ({
  RequestType: type,
  StackId: 'stack-1',
  LogicalResourceId: 'Run',
  ...(type === 'Create' ? {} : { PhysicalResourceId: 'Run' }),
  ResourceProperties: properties('r2'),
  ...(type === 'Update' && { OldResourceProperties: properties('r1') }),
  ...more,
});
const waiting = (IfItFails = 'fail') => event('Update', { IfItFails, From: String(NOON) });
const stackIs = (StackStatus: string) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'shop', CreationTime: new Date(), StackStatus: StackStatus as never }],
  });
const run = (minute: number, State: string, StateReason?: string): CanaryRun => ({
  Timeline: { Started: new Date(NOON + minute * MINUTE) },
  Status: { State: State as never, StateReason },
});
const runs = (...CanaryRuns: CanaryRun[]) =>
  synthetics.on(GetCanaryRunsCommand as never).resolves({ CanaryRuns } as never);
const refusal = (httpStatusCode: number) =>
  Object.assign(new Error('refused'), { $metadata: { httpStatusCode } });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(NOON);
  process.env['AWS_REGION'] = 'us-east-1';
  synthetics.reset();
  cloudFormation.reset();
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
  stackIs('UPDATE_IN_PROGRESS');
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  delete process.env['AWS_REGION'];
});

describe('a failed first run', () => {
  const meaning = async (given: object) => (await onEvent(given as never)).IfItFails;

  test('fails the deployment of a release', async () => {
    expect(await meaning(event('Update'))).toBe('fail');
    expect(await meaning(event('Create'))).toBe('fail');
  });

  test('is only reported while the stack is created, because its rollback would delete the alarms', async () => {
    stackIs('CREATE_IN_PROGRESS');
    expect(await meaning(event('Create'))).toBe('report');
  });

  test('is ignored during a rollback, on Delete, and without a release', async () => {
    const same = event('Update', { OldResourceProperties: properties('r2') });
    expect(await meaning(same)).toBe('ignore');
    expect(await meaning(event('Delete'))).toBe('ignore');
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await meaning(event('Update'))).toBe('ignore');
    expect(await isComplete(waiting('ignore'))).toEqual({ IsComplete: true });
  });

  test('is only reported if the stack status is unknown', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(new Error('throttled'));
    expect(await meaning(event('Update'))).toBe('report');
  });
});

describe('the first run', () => {
  test('that passes completes the deployment', async () => {
    runs(run(6, 'FAILED'), run(1, 'PASSED'), run(-1, 'FAILED'));
    expect(await isComplete(waiting())).toEqual({ IsComplete: true });
  });

  test('is awaited until its end', async () => {
    runs(run(-1, 'PASSED'));
    expect(await isComplete(waiting())).toEqual({ IsComplete: false });
    runs(run(1, 'RUNNING'), run(-1, 'PASSED'));
    expect(await isComplete(waiting())).toEqual({ IsComplete: false });
  });

  test('that fails also fails the deployment, with its reason and a link', async () => {
    runs(run(1, 'FAILED', 'GET /api/entries: expected status 200, got 500'));
    await expect(isComplete(waiting())).rejects.toThrow(
      /^the first run of the canary shop after the release failed: GET \/api\/entries: expected status 200, got 500\nhttps:\/\/us-east-1\.console.*#synthetics:canary\/detail\/shop$/,
    );
  });

  test('that fails while the stack is created is reported', async () => {
    runs(run(1, 'FAILED', 'no page'));
    expect(await isComplete(waiting('report'))).toEqual({ IsComplete: true });
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('failed: no page'));
  });

  test('that does not start is awaited for a limited time', async () => {
    runs();
    vi.setSystemTime(NOON + 12 * MINUTE);
    await expect(isComplete(waiting())).rejects.toThrow('did not finish within 12 minutes');
  });

  test('is polled again after a Synthetics error, but not after a refusal', async () => {
    synthetics.on(GetCanaryRunsCommand as never).rejects(refusal(503));
    expect(await isComplete(waiting())).toEqual({ IsComplete: false });
    synthetics.on(GetCanaryRunsCommand as never).rejects(refusal(403));
    await expect(isComplete(waiting())).rejects.toThrow('refused');
  });

  test('is not awaited in a region without Synthetics', async () => {
    synthetics.on(GetCanaryRunsCommand as never).rejects(refusal(501));
    expect(await isComplete(waiting())).toEqual({ IsComplete: true });
  });
});
