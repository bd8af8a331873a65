import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { polledResource } from '../../../constructs/handler/polled-handler';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';

const lambda = mockClient(LambdaClient);
const create = { RequestType: 'Create', ResourceProperties: { Size: '3' } };
const started = { PhysicalResourceId: 'Work', Task: 'task-1', Data: { Moment: 'now' } };
const awsError = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

const onEvent = vi.fn(async (_event: object) => started);
const isComplete = vi.fn(async (_event: object) => ({ IsComplete: true }));
const abandon = vi.fn(async (_event: object) => {});
const handler = polledResource({ onEvent, isComplete, abandon, intervalMs: 1 });

beforeEach(() => {
  lambda.reset();
  onEvent.mockReset().mockResolvedValue(started);
  isComplete.mockReset().mockResolvedValue({ IsComplete: true });
  abandon.mockReset().mockResolvedValue();
  vi.stubEnv('TOTAL_TIMEOUT_MINUTES', '30');
  for (const method of ['warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
});
afterEach(() => vi.unstubAllEnvs());

const ask = (event: object = create, remainingMs = 900_000) =>
  askCustomResource(handler, event, { remainingMs });

describe('a polled custom resource', () => {
  test('polls until the work is complete, and answers with the attributes of the start', async () => {
    isComplete.mockResolvedValueOnce({ IsComplete: false }).mockResolvedValueOnce({ IsComplete: false });
    expect(await ask()).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'Work',
      Data: { Moment: 'now' },
    });
    expect(onEvent).toHaveBeenCalledTimes(1);
    expect(isComplete).toHaveBeenCalledTimes(3);
    expect(isComplete.mock.lastCall![0]).toMatchObject({ ...create, Task: 'task-1' });
  });

  test.each(['onEvent', 'isComplete'] as const)('fails with the message of an error in %s', async (call) => {
    ({ onEvent, isComplete })[call].mockRejectedValue(new Error('exit code 1'));
    expect(await ask()).toMatchObject({ Status: 'FAILED', Reason: 'exit code 1' });
  });

  test('stops the work before it reports a failure to CloudFormation', async () => {
    isComplete.mockRejectedValue(new Error('exit code 1'));
    abandon.mockRejectedValue(new Error('it does not end'));
    expect(await ask()).toMatchObject({ Status: 'FAILED', Reason: 'exit code 1' });
    expect(abandon.mock.calls).toEqual([[expect.objectContaining({ ...create, Task: 'task-1' })]]);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('it does not end'));
  });

  test('stops work that may have started without a confirmation', async () => {
    onEvent.mockRejectedValue(new Error('no answer'));
    await ask();
    expect(abandon.mock.calls).toEqual([[expect.objectContaining(create)]]);
  });

  test('stops nothing if the work is complete', async () => {
    await ask();
    expect(abandon).not.toHaveBeenCalled();
  });

  test.each([
    ['ThrottlingException', 400],
    ['ServiceUnavailable', 503],
    ['InternalFailure', 500],
    ['TimeoutError', undefined],
  ])('retries after %s, at the start and while it polls', async (name, status) => {
    onEvent.mockRejectedValueOnce(awsError(name, status));
    isComplete.mockRejectedValueOnce(awsError(name, status));
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    expect([onEvent, isComplete].map(({ mock }) => mock.calls.length)).toEqual([2, 2]);
  });

  test('retries if AWS cannot be reached', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const endpoint = 'http://127.0.0.1:9';
    const ssm = new SSMClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    isComplete.mockImplementationOnce(() => ssm.send(new GetParameterCommand({ Name: 'x' })) as never);
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    expect(isComplete).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['AccessDeniedException', 400],
    ['UnknownOperationException', 501],
  ])('fails without a retry after %s', async (name, status) => {
    isComplete.mockRejectedValue(awsError(name, status));
    expect(await ask()).toMatchObject({ Status: 'FAILED', Reason: name });
  });

  test('fails without a total timeout', async () => {
    vi.stubEnv('TOTAL_TIMEOUT_MINUTES', '');
    const Reason = "TOTAL_TIMEOUT_MINUTES must be a number over 0, got ''";
    expect(await ask()).toMatchObject({ Status: 'FAILED', Reason });
    expect(onEvent).not.toHaveBeenCalled();
  });

  test('fails after its total timeout, even if AWS never answers', async () => {
    vi.stubEnv('TOTAL_TIMEOUT_MINUTES', '0.001');
    isComplete.mockRejectedValue(awsError('ThrottlingException', 400));
    expect(await ask()).toMatchObject({ Status: 'FAILED', Reason: 'did not finish within 0.001 minutes' });
  });
});

describe('shortly before the timeout of its function', () => {
  const handOn = async (event: object) => {
    isComplete.mockResolvedValueOnce({ IsComplete: false });
    await expect(ask(event, 100_000)).rejects.toThrow('ended without an answer');
    const { FunctionName, InvocationType, Payload } = lambda.commandCalls(InvokeCommand).at(-1)!
      .args[0].input;
    expect([FunctionName, InvocationType]).toEqual([
      'arn:aws:lambda:us-east-1:123456789012:function:f',
      'Event',
    ]);
    const { ResponseURL, ...handed } = JSON.parse(String(Payload));
    expect(ResponseURL).toMatch(/^http/);
    return handed as { Polling: { deadline: number } };
  };

  test('it invokes the function again, which continues the started work', async () => {
    const second = await handOn(create);
    const third = await handOn(second);
    expect(third.Polling).toEqual(second.Polling);
    expect(await ask(third)).toMatchObject({ Status: 'SUCCESS', Data: { Moment: 'now' } });
    expect(onEvent).toHaveBeenCalledTimes(1);
    expect(isComplete.mock.lastCall![0]).toMatchObject({ ...create, Task: 'task-1' });
  });

  test('the total timeout counts from the first invocation', async () => {
    const { Polling, ...handed } = await handOn(create);
    isComplete.mockResolvedValue({ IsComplete: false });
    const late = { ...handed, Polling: { ...Polling, deadline: Date.now() - 1 } };
    isComplete.mockClear();
    expect(await ask(late)).toMatchObject({ Status: 'FAILED', Reason: 'did not finish within 30 minutes' });
    // The event may be delivered when CloudFormation has long given up: nothing may start then.
    expect(isComplete).not.toHaveBeenCalled();
    expect(abandon).toHaveBeenCalledTimes(1);
  });

  test('it fails if it cannot invoke itself, so that Lambda retries the event', async () => {
    lambda.on(InvokeCommand).rejects(new Error('TooManyRequestsException'));
    isComplete.mockResolvedValue({ IsComplete: false });
    await expect(ask(create, 100_000)).rejects.toThrow('TooManyRequestsException');
  });
});
