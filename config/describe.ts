import { z } from 'zod';
import { settingsSchema } from './schema';

/** Node of the JSON Schema, with the extra keywords `unit`, `section` and `allowed`. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly section?: string;
  /** Allowed values in words, for a schema that is hard to read. */
  readonly allowed?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | false;
}

let root: SchemaNode | undefined;

/** Returns the schema of all settings. Only messages and documents need it, so it is made late. */
function rootNode(): SchemaNode {
  root ??= z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  return root;
}

/** Returns the schema node of a path such as `['server', 'cpu']`; undefined if the path is not a setting. */
export function schemaNode(path: readonly PropertyKey[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, key) => {
    if (typeof key === 'number') return node?.items ?? node?.anyOf?.find((option) => option.items)?.items;
    const { properties = {}, additionalProperties } = node ?? {};
    // A key such as `constructor` is not a setting.
    return Object.hasOwn(properties, String(key))
      ? properties[String(key)]
      : additionalProperties || undefined;
  }, rootNode());
}

/** Returns the bounds of a number in words: `2 to 120`, `a number above 0`. */
function allowedNumber({ type, minimum, maximum, exclusiveMinimum, multipleOf }: SchemaNode): string {
  const steps = multipleOf && type === 'number' ? ` in steps of ${multipleOf}` : '';
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}${steps}`;
  const lowest =
    exclusiveMinimum === undefined ? minimum && `of at least ${minimum}` : `above ${exclusiveMinimum}`;
  const highest = maximum === undefined ? undefined : `up to ${maximum}`;
  return `a number ${[lowest, highest].filter(Boolean).join(', ')}`.trimEnd() + steps;
}

/** Returns the allowed values of a node in words: `256, 512, 1024` or `2 to 120`. */
export function allowed(node: SchemaNode): string {
  if (node.allowed) return node.allowed;
  if (node.anyOf) return node.anyOf.map(allowed).join(', or ');
  if (node.const !== undefined) return String(node.const);
  if (node.enum) return node.enum.join(', ');
  switch (node.type) {
    case 'boolean':
      return 'true, false';
    case 'integer':
    case 'number':
      return allowedNumber(node);
    case 'array': {
      const few =
        node.minItems === undefined ? '' : `${node.minItems} to ${node.maxItems ?? 'any number'} of `;
      return `a list of ${few}${node.items ? allowed(node.items) : 'anything'}`;
    }
    case 'object':
      return node.properties
        ? Object.keys(node.properties).join(', ')
        : `names with ${node.additionalProperties ? allowed(node.additionalProperties) : 'values'}`;
    default:
      return node.pattern ? `text like ${node.pattern}` : 'text';
  }
}

/** Returns every setting that is not a group, with its dotted key. */
export function leaves(
  node: SchemaNode = rootNode(),
  path: readonly string[] = [],
): [readonly string[], SchemaNode][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    child.properties
      ? leaves(child, [...path, key])
      : [[[...path, key], child] as [readonly string[], SchemaNode]],
  );
}
