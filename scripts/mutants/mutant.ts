// Templates are anybody's: nothing is known of their values but that they come from JSON.
// biome-ignore lint/suspicious/noExplicitAny: an operator walks through any template.
export type Value = any;

/** A place in a resource, such as `['Properties', 'Environment', 0]`. */
export type Path = readonly (string | number)[];

/** One thing less in one resource of a plan. */
export interface Mutant {
  readonly kind: Kind;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The part that is gone, in words. */
  readonly what: string;
  /** Places that are removed, within the resource. An empty path removes the resource. */
  readonly paths: readonly Path[];
  /** True if AWS does the same without the part. */
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

/** All keys of a value with what they hold, and where. */
export function* walk(value: Value, path: Path = []): Generator<[string | number, Value, Path]> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield [step, item, [...path, step]];
    yield* walk(item, [...path, step]);
  }
}

/** A value in few words. */
export function text(value: Value): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.length > 120 ? `${written.slice(0, 119)}…` : written;
}
