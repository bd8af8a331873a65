// biome-ignore lint/suspicious/noExplicitAny: the values of a template can be any JSON.
export type Value = any;

/** Path of a value in a resource, such as `['Properties', 'Environment', 0]`. */
export type Path = readonly (string | number)[];

/** A plan with one part of one resource removed. */
export interface Mutant {
  readonly kind: Kind;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Description of the removed part. */
  readonly what: string;
  /** Paths to remove in the resource. An empty path removes the resource. */
  readonly paths: readonly Path[];
  /** True if the removed part has no effect on AWS. */
  readonly isEquivalent: boolean;
}

export const KINDS = [
  'action',
  'resource of a statement',
  'principal',
  'condition',
  'ingress rule',
  'egress rule',
  'route',
  'port',
  'environment variable',
  'secret',
  'timeout',
  'dependency',
  'resource',
] as const;
export type Kind = (typeof KINDS)[number];

export interface MutableStack {
  readonly name: string;
  readonly template: { readonly Resources: Readonly<Record<string, Value>>; readonly Outputs?: Value };
}

/** A change that an operator finds in a resource. */
export type Found = Pick<Mutant, 'kind' | 'what' | 'paths'>;

/** Yields each key within a value, with its value and its path. */
export function* walk(value: Value, path: Path = []): Generator<[string | number, Value, Path]> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield [step, item, [...path, step]];
    yield* walk(item, [...path, step]);
  }
}

/** Returns a value as text of at most 120 characters. */
export function text(value: Value): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.length > 120 ? `${written.slice(0, 119)}…` : written;
}
