import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compressed, pause } from '../core/time';
import type { EmulatedAccount } from '../emulated-account';

export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceProperties: object;
  readonly PhysicalResourceId?: string;
  readonly OldResourceProperties?: object;
}

interface Answer {
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

/** Asks a custom resource as CloudFormation does. Throws with its reason when it fails. */
export async function askCustomResource(
  cloud: EmulatedAccount,
  token: string,
  event: CustomResourceEvent,
): Promise<Answer> {
  const asked = cloud.functions.get(token);
  if (!asked) throw new Error(`ServiceToken names no function of the plan: ${token}`);
  const request = { ...event, RequestId: randomUUID(), ServiceToken: token };
  const { USER_ON_EVENT_FUNCTION_ARN: onEvent, USER_IS_COMPLETE_FUNCTION_ARN: isComplete } =
    asked.options.environment;
  if (onEvent) return driveProvider(cloud, request, onEvent, isComplete);

  let answer: (Answer & { Status: string; Reason?: string }) | undefined;
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      answer = JSON.parse(body) as typeof answer;
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await asked.invoke({ ...request, ResponseURL });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (!answer) throw new Error('its handler ended without an answer, for which CloudFormation waits an hour');
  if (answer.Status !== 'SUCCESS') throw new Error(answer.Reason ?? 'it failed without a reason');
  return answer;
}

/** Milliseconds in which what a provider waits for must be over here. */
const PATIENCE = 120_000;

/** What the CDK's provider framework and its state machine do with their two functions. */
async function driveProvider(
  cloud: EmulatedAccount,
  event: object,
  onEvent: string,
  isComplete?: string,
): Promise<Answer> {
  const invoke = (arn: string, input: object) =>
    cloud.functions.get(arn)!.invoke(input) as Promise<(Answer & { IsComplete?: boolean }) | undefined>;
  const started = await invoke(onEvent, event).catch(reason);
  const known = { ...event, ...started, Data: started?.Data ?? {} };
  const end = Date.now() + PATIENCE;
  while (isComplete) {
    if (Date.now() > end) throw new Error(`it was not complete after ${PATIENCE / 1000} s here`);
    const state = await invoke(isComplete, known).catch(reason);
    if (state?.IsComplete) return { ...known, Data: { ...known.Data, ...state.Data } };
    await pause(compressed(5));
  }
  return known;
}

/** Of a handler's error, its message without the stack. */
function reason(error: Error): never {
  throw new Error(error.message.replace(/^Error: /, '').replace(/\n\s+at .*$/s, ''));
}
