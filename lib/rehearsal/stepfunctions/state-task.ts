import { perform } from '../api/endpoint';
import { type Input, ServiceError } from '../api/service-error';
import type { Json } from '../core/assembly';
import type { EmulatedAccount } from '../emulated-account';
import { HandlerError } from '../lambda/lambda';
import { StateError, Unknown } from './state-language';

/** Services whose own operations name their members in camel case; Step Functions has all in Pascal case. */
const CAMEL_CASE = new Set(['ecs', 'rdsdata']);

/**
 * What a Task of a state machine asks for: a function, or an operation of AWS.
 *
 * @param by who asks
 */
export async function callService(
  cloud: EmulatedAccount,
  resource: string,
  input: Json,
  by: string,
): Promise<Json> {
  if (cloud.functions.has(resource)) return invoke(cloud, resource, input);
  if (resource === 'arn:aws:states:::lambda:invoke') {
    const { FunctionName, Payload = {} } = input as Record<string, Json>;
    return { StatusCode: 200, Payload: await invoke(cloud, String(FunctionName), Payload) };
  }
  const [, service, action] = /^arn:aws:states:::aws-sdk:(\w+):(\w+)$/.exec(resource) ?? [];
  if (!service || !action) throw new Unknown(`the integration ${resource}`);
  const camel = CAMEL_CASE.has(service);
  const given = camel ? cased(input, (name) => name[0]!.toLowerCase() + name.slice(1)) : input;
  const upper = (name: string) => name[0]!.toUpperCase() + name.slice(1);
  try {
    const answer = await perform(cloud, upper(action), given as Input, by);
    return cased(JSON.parse(JSON.stringify(answer ?? {})) as Json, upper);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.type === 'NotRehearsed') throw new Unknown(`${service}:${action}`);
    throw new StateError(`${upper(service)}.${error.type}`, error.message);
  }
}

async function invoke(cloud: EmulatedAccount, name: string, input: Json): Promise<Json> {
  const handler = cloud.functions.get(name);
  if (!handler) throw new StateError('Lambda.ResourceNotFoundException', `there is no function ${name}`);
  try {
    return ((await handler.invoke(input)) ?? null) as Json;
  } catch (error) {
    throw new StateError(
      error instanceof HandlerError ? error.type : 'Lambda.Unknown',
      (error as Error).message,
    );
  }
}

/** With the names of all fields in another case. */
function cased(value: Json, change: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => cased(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), cased(item, change)]));
}
