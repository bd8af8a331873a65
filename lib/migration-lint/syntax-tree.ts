import type { Node, RangeVar } from 'libpg-query';

/**
 * The content of each kind of node. One mapped type is used because the union of all nodes costs the compiler seconds.
 */
type Nodes = { [N in Node as keyof N]: N[keyof N] };
export type NodeName = keyof Nodes;
export type NodeOf<K extends NodeName> = Nodes[K];

/** Returns the content of a node of the given kind; undefined for a node of another kind. */
export function as<K extends NodeName>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as Partial<Nodes> | undefined)?.[kind];
}

/** Returns the nodes of one kind in a list. */
export function ofKind<K extends NodeName>(nodes: readonly Node[] | undefined, kind: K): NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => as(node, kind) ?? []);
}

const indexes = new WeakMap<object, ReadonlyMap<string, readonly unknown[]>>();

/** Returns the nodes of one kind at any depth. */
export function within<K extends NodeName>(value: unknown, kind: K): readonly NodeOf<K>[] {
  if (typeof value !== 'object' || value === null) return [];
  const index = indexes.get(value) ?? indexOf(value);
  indexes.set(value, index);
  return (index.get(kind) ?? []) as readonly NodeOf<K>[];
}

/**
 * Returns all nodes within a value by kind, in the order of the text. The function does not recurse, because an
 * expression may be nested deeper than the call stack allows.
 */
function indexOf(value: object): Map<string, unknown[]> {
  const index = new Map<string, unknown[]>();
  const stack: object[] = [value];
  const kinds = [''];
  while (stack.length > 0) {
    const next = stack.pop()! as Record<string, unknown>;
    const kind = kinds.pop()!;
    if (isNodeName(kind)) {
      const known = index.get(kind);
      if (known) known.push(next);
      else index.set(kind, [next]);
    }
    const keys = Object.keys(next);
    for (let at = keys.length - 1; at >= 0; at--) {
      const child = next[keys[at]!];
      if (typeof child !== 'object' || child === null) continue;
      stack.push(child);
      kinds.push(keys[at]!);
    }
  }
  return index;
}

/** Returns true for the name of a node. Node names begin with a capital letter, and field names do not. */
function isNodeName(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 65 && first <= 90;
}

const places = [
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
];

/** Returns a text that is equal for two parts of statements with the same meaning, wherever they are in their files. */
export function meaning(value: unknown, ignored: readonly string[] = []): string {
  const left = new Set([...places, ...ignored]);
  const words: string[] = [];
  // This function does not recurse either: it outputs strings at once and queues all other values.
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    if (next instanceof Word) words.push(next.text);
    else if (typeof next !== 'object' || next === null) words.push(JSON.stringify(next) ?? 'undefined');
    else {
      const inner = Object.entries(next).filter(([key, child]) => !left.has(key) && child !== undefined);
      stack.push(new Word('}'));
      for (const [key, child] of inner.reverse()) stack.push(child, new Word(key));
      stack.push(new Word('{'));
    }
  }
  return words.join(' ');
}

class Word {
  constructor(readonly text: string) {}
}

/** Returns a name with its schema. `public` is left out, as in most files. */
export const qualified = (schema: string | undefined, name: string | undefined): string =>
  schema && schema !== 'public' ? `${schema}.${name}` : `${name}`;

export const relationName = (relation: RangeVar | undefined): string =>
  qualified(relation?.schemaname, relation?.relname);

/** Returns the name that a list of strings spells. */
export function spelled(nodes: readonly Node[] | undefined): string {
  const parts = ofKind(nodes, 'String').map(({ sval }) => sval ?? '');
  return (parts.length > 1 && parts[0] === 'public' ? parts.slice(1) : parts).join('.');
}
