import fc from 'fast-check';
import { schemaNode } from '../../config/describe';
import { TEXTS } from './texts';

/** A node of the JSON Schema, with the keywords that zod writes. */
export interface Node {
  readonly allowed?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
  readonly additionalProperties?: Node | false;
}

/**
 * Groups of settings that a layer may contain or omit, key by key. A layer inherits omitted keys from the previous
 * layer.
 */
const GROUPS = Object.entries((schemaNode([]) as Node).properties ?? {})
  .filter(([, { properties }]) => properties)
  .map(([key]) => key);

/**
 * Overrides of settings, with any key present or absent and each value within the schema. They shrink to none.
 *
 * @param path dotted path of the node; `*` stands for an index or the key of a record
 */
export function overrides(node = schemaNode([]) as Node, path = ''): fc.Arbitrary<Record<string, unknown>> {
  const keys = Object.entries(node.properties ?? {}).map(([key, child]) => {
    const at = path ? `${path}.${key}` : key;
    const value =
      GROUPS.includes(at) || at.startsWith('application.') ? groupOrValue(child, at) : valuesOf(child, at);
    return [key, value] as const;
  });
  return fc.record(Object.fromEntries(keys), { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>;
}

function groupOrValue(node: Node, path: string): fc.Arbitrary<unknown> {
  return node.properties ? overrides(node, path) : valuesOf(node, path);
}

/**
 * Values of a node.
 *
 * @throws Error for a text about which neither the schema nor `texts.ts` says what is allowed
 */
export function valuesOf(node: Node, path: string): fc.Arbitrary<unknown> {
  if (node.type === 'string' && path in TEXTS) return TEXTS[path]!;
  if (node.anyOf) return fc.oneof(...node.anyOf.map((option) => valuesOf(option, path)));
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numbers(node);
    case 'array':
      return lists(node, path);
    case 'object':
      return objects(node, path);
    case 'string':
      return texts(node, path);
    default:
      throw new Error(
        `${path}: no values are known for ${JSON.stringify(node)}; teach test/settings/arbitrary.ts`,
      );
  }
}

function numbers({
  type,
  minimum,
  maximum,
  exclusiveMinimum,
  multipleOf = 1,
  allowed,
}: Node): fc.Arbitrary<number> {
  // Some bounds are checked with other settings, and only their words are in the schema.
  const [, least, most] = /^(\d+) to (\d+)$/.exec(allowed ?? '') ?? [];
  const [from, to] = [Number(least ?? minimum ?? exclusiveMinimum ?? -1e9), Number(most ?? maximum ?? 1e9)];
  const within =
    type === 'integer' || multipleOf !== 1 || least !== undefined
      ? fc
          .integer({ min: Math.ceil(from / multipleOf), max: Math.floor(to / multipleOf) })
          .map((steps) => steps * multipleOf)
      : fc.double({ min: from, max: to, noNaN: true, minExcluded: exclusiveMinimum !== undefined });
  return exclusiveMinimum === undefined
    ? fc.oneof({ weight: 4, arbitrary: within }, { weight: 1, arbitrary: fc.constantFrom(from, to) })
    : within;
}

/** Few items mostly, at times as many as there may be. */
function lists({ items = {}, minItems: minLength = 0, maxItems = 30 }: Node, path: string) {
  const item = valuesOf(items, `${path}.*`);
  const few = fc.array(item, { minLength, maxLength: Math.min(maxItems, Math.max(minLength, 3)) });
  const all = fc.array(item, { minLength: Math.max(minLength, maxItems), maxLength: maxItems, size: 'max' });
  return fc.oneof({ weight: 12, arbitrary: few }, { weight: 1, arbitrary: all });
}

function objects(node: Node, path: string): fc.Arbitrary<unknown> {
  if (node.properties) {
    const keys = Object.entries(node.properties).map(
      ([key, child]) => [key, valuesOf(child, `${path}.${key}`)] as const,
    );
    return fc.record(Object.fromEntries(keys), { requiredKeys: [...(node.required ?? [])] });
  }
  return fc.dictionary(
    valuesOf(node.propertyNames ?? { type: 'string' }, `${path}.{}`) as fc.Arbitrary<string>,
    valuesOf(node.additionalProperties || {}, `${path}.*`),
    { maxKeys: 4, noNullPrototype: true },
  );
}

function texts({ pattern, minLength = 0, maxLength }: Node, path: string): fc.Arbitrary<string> {
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern), { size: '-1' });
    } catch {
      throw new Error(
        `${path}: no texts can be made from ${pattern}; add examples to test/settings/texts.ts`,
      );
    }
  }
  if (maxLength === undefined)
    throw new Error(`${path}: the schema takes any text; say in test/settings/texts.ts which there are`);
  return fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .filter((text) => text.length <= maxLength && text.length >= minLength);
}
