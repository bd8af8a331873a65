import { ACCOUNT, type Attributes, PlanError } from './core/template';
import type { EmulatedAccount } from './emulated-account';

// biome-ignore lint/suspicious/noExplicitAny: a template's values have the shapes that CloudFormation documents.
export type Properties = { readonly [name: string]: any };

/** A resource whose turn it is, with its properties resolved. */
export interface ResourceRequest {
  readonly cloud: EmulatedAccount;
  readonly id: string;
  readonly type: string;
  readonly stack: { readonly id: string; readonly name: string; readonly region: string };
  readonly properties: Properties;
  /** As it was played before, on an update. */
  readonly before?: { readonly properties: Properties; readonly attributes: Attributes };
}

/** What becomes of a resource type in a rehearsal. */
export interface ResourceHandler {
  /** Paths of the properties it honours, with all that is below them; no others have any effect. */
  readonly supportedProperties: readonly string[];
  apply(turn: ResourceRequest): Attributes | Promise<Attributes>;
}

/** A property the resource must have. */
export function need<T = string>({ id, properties }: ResourceRequest, path: string): T {
  let value: unknown = properties;
  for (const name of path.split('.')) value = (value as Properties | undefined)?.[name];
  if (value === undefined || value === '') throw new PlanError(id, path, 'is missing');
  return value as T;
}

/** What a property refers to, among things of the plan. */
export function found<T>(
  turn: Pick<ResourceRequest, 'id'>,
  property: string,
  things: ReadonlyMap<string, T>,
  key: unknown,
): T {
  const thing = things.get(String(key));
  if (thing === undefined)
    throw new PlanError(turn.id, property, `names what the plan does not have: ${key}`);
  return thing;
}

/** `[{ Key, Value }]` or `[{ Name, Value }]` as a record. */
export function pairs(
  list: readonly Properties[] = [],
  key = 'Key',
  value = 'Value',
): Record<string, string> {
  return Object.fromEntries(list.map((item) => [item[key], String(item[value])]));
}

/** A name as AWS makes one up, always the same for a resource. */
export const named = ({ id, stack }: ResourceRequest): string =>
  `${stack.name}-${id}`.toLowerCase().slice(-60);

/** An ARN in the account and region of a resource's stack. */
export const arn = ({ stack }: ResourceRequest, service: string, rest: string): string =>
  `arn:aws:${service}:${stack.region}:${ACCOUNT}:${rest}`;
