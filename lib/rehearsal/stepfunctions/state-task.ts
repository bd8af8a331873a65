import type { Json } from '../core/assembly';
import { type AwsApi, type Caller, HandlerError, type Input, ServiceError } from '../core/aws-api';
import { StateError, Unknown } from './state-language';

/** Services whose SDK integration and IAM prefix have different names. */
const PREFIXES: Readonly<Record<string, string>> = {
  cloudfrontkeyvaluestore: 'cloudfront-keyvaluestore',
  cloudwatchlogs: 'logs',
  rdsdata: 'rds-data',
};
/** Services whose API spells fields in camel case. Step Functions spells all fields in Pascal case. */
const CAMEL_CASE = new Set(['ecs', 'rdsdata']);

/**
 * Executes the `Resource` of a Task state: invokes a function, or calls an API operation.
 * @throws StateError if the function or the operation fails
 * @throws Unknown for an unsupported integration or operation
 */
export async function callService(api: AwsApi, caller: Caller, resource: string, input: Json): Promise<Json> {
  if (resource === 'arn:aws:states:::lambda:invoke') {
    const { FunctionName, Payload = {} } = input as Record<string, Json>;
    return { StatusCode: 200, Payload: await invoke(api, caller, String(FunctionName), Payload) };
  }
  if (!resource.startsWith('arn:aws:states:')) return invoke(api, caller, resource, input);
  const [, service, action] = /^arn:aws:states:::aws-sdk:(\w+):(\w+)$/.exec(resource) ?? [];
  if (!service || !action) throw new Unknown(`the integration ${resource}`);
  const camel = CAMEL_CASE.has(service);
  const given = camel ? cased(input, (name) => name[0]!.toLowerCase() + name.slice(1)) : input;
  const upper = (name: string) => name[0]!.toUpperCase() + name.slice(1);
  try {
    const operation = `${PREFIXES[service] ?? service}:${upper(action)}`;
    const answer = await api.call<Json | undefined>(caller, operation, given as Input);
    return cased(JSON.parse(JSON.stringify(answer ?? {})) as Json, upper);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.type === 'NotRehearsed') throw new Unknown(`${service}:${action}`);
    throw new StateError(`${upper(service)}.${error.type}`, error.message);
  }
}

async function invoke(api: AwsApi, caller: Caller, FunctionName: string, input: Json): Promise<Json> {
  try {
    const call = { FunctionName, Payload: input };
    const { Payload } = await api.call<{ Payload?: Json }>(caller, 'lambda:Invoke', call);
    return Payload ?? null;
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof ServiceError) throw new StateError(`Lambda.${error.type}`, message);
    throw new StateError(error instanceof HandlerError ? error.type : 'Lambda.Unknown', message);
  }
}

/** Respells the names of all fields. */
function cased(value: Json, change: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => cased(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), cased(item, change)]));
}
