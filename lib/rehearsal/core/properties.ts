import { PlanError } from './plan-error';

/** The account of every rehearsal. */
export const ACCOUNT = '123456789012';

// biome-ignore lint/suspicious/noExplicitAny: a template's values have the shapes that CloudFormation documents.
export type Properties = { readonly [name: string]: any };

/**
 * Returns a required property. `path` has dots, such as `Code.S3Key`. Throws a `PlanError` if the property is missing.
 */
export function need<T = string>(
  { id, properties }: { readonly id: string; readonly properties: Properties },
  path: string,
): T {
  let value: unknown = properties;
  for (const name of path.split('.')) value = (value as Properties | undefined)?.[name];
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (isEmpty) throw new PlanError(id, path, 'is missing');
  return value as T;
}

/** Returns the resource that a property refers to. Throws a `PlanError` if the plan does not contain it. */
export function found<T>(
  { id }: { readonly id: string },
  property: string,
  things: ReadonlyMap<string, T>,
  key: unknown,
): T {
  const thing = things.get(String(key));
  if (thing === undefined)
    throw new PlanError(id, property, `names a resource that the plan does not contain: ${key}`);
  return thing;
}

/** Returns `[{ Key, Value }]` or `[{ Name, Value }]` as a record. */
export function pairs(
  list: readonly Properties[] = [],
  key = 'Key',
  value = 'Value',
): Record<string, string> {
  return Object.fromEntries(list.map((item) => [item[key], String(item[value])]));
}

interface Located {
  readonly stack: { readonly name: string; readonly region: string };
}

/** Returns a generated name for a resource without a physical name; the same in every rehearsal. */
export const named = ({ id, stack }: Located & { readonly id: string }): string =>
  `${stack.name}-${id}`.toLowerCase().slice(-60);

/** Returns an ARN in the account and region of a resource's stack. */
export const arn = ({ stack }: Located, service: string, rest: string): string =>
  `arn:aws:${service}:${stack.region}:${ACCOUNT}:${rest}`;
