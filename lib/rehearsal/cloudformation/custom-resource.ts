import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsApi, Caller } from '../core/aws-api';
import { PlanError } from '../core/plan-error';
import { need } from '../core/properties';
import type { ResourceHandler } from '../core/resource-handler';

interface CustomResourceEvent {
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

/** Functions of custom resources, by ARN. */
export type Functions = ReadonlyMap<string, { settled(): Promise<void> }>;

/** Largest response that CloudFormation accepts, in bytes. */
const LONGEST_RESPONSE = 4096;
const CLOUDFORMATION: Caller = { name: 'CloudFormation', principal: 'cloudformation.amazonaws.com' };

/** The handler of all custom resources. It invokes the function in their service token. */
export function customResource(api: AwsApi, functions: Functions): ResourceHandler {
  return {
    supportedProperties: [''],
    async apply(request) {
      const { id, type, properties, before, stack } = request;
      const token = need(request, 'ServiceToken');
      const event: CustomResourceEvent = {
        RequestType: before ? 'Update' : 'Create',
        StackId: stack.id,
        LogicalResourceId: id,
        ResourceType: type,
        ResourceProperties: strings(properties) as object,
        ...(before && {
          PhysicalResourceId: before.attributes.Ref,
          OldResourceProperties: strings(before.properties) as object,
        }),
      };
      const answer = await askCustomResource(api, functions, token, event).catch((error: Error) => {
        throw new PlanError(id, '', `(${type}) failed: ${error.message}`);
      });
      const data = Object.entries(answer.Data ?? {}).map(([name, value]) => [name, String(value)]);
      return { Ref: answer.PhysicalResourceId ?? id, ...Object.fromEntries(data) };
    },
  };
}

/** CloudFormation passes numbers and booleans to custom resources as text. */
function strings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strings);
  if (value === null || typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, strings(item)]));
}

/** Invokes a custom resource's function as CloudFormation does. Throws the reason if the function reports a failure. */
async function askCustomResource(
  api: AwsApi,
  functions: Functions,
  token: string,
  event: CustomResourceEvent,
): Promise<Answer> {
  if (!functions.has(token)) throw new Error(`ServiceToken names no function of the plan: ${token}`);
  const request = { ...event, RequestId: randomUUID(), ServiceToken: token };
  let answer: (Answer & { Status: string; Reason?: string }) | undefined;
  let length = 0;
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      length = Buffer.byteLength(body);
      answer = JSON.parse(body) as typeof answer;
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await api.call(CLOUDFORMATION, 'lambda:Invoke', {
      FunctionName: token,
      Payload: { ...request, ResponseURL },
    });
    // A handler may continue its work in another invocation.
    await functions.get(token)!.settled();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (length > LONGEST_RESPONSE) throw new Error(`Response object is too long: ${length} bytes`);
  if (!answer)
    throw new Error('its handler ended without a response, for which CloudFormation would wait an hour');
  if (answer.Status !== 'SUCCESS') throw new Error(answer.Reason ?? 'it failed without a reason');
  return answer;
}
