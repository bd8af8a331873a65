import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
