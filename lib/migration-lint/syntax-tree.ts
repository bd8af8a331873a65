import type { Node, RangeVar } from 'libpg-query';

/** The content of each kind of node. Names are looked up in one type: the union of all nodes takes the compiler seconds. */
type Nodes = { [N in Node as keyof N]: N[keyof N] };
export type NodeName = keyof Nodes;
export type NodeOf<K extends NodeName> = Nodes[K];

/** The node as what it is asked to be, or nothing. */
export function as<K extends NodeName>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as Partial<Nodes> | undefined)?.[kind];
}

/** The nodes of one kind in a list. */
export function ofKind<K extends NodeName>(nodes: readonly Node[] | undefined, kind: K): NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => as(node, kind) ?? []);
}

const indexes = new WeakMap<object, ReadonlyMap<string, readonly unknown[]>>();

/** The nodes of one kind at any depth. */
export function within<K extends NodeName>(value: unknown, kind: K): readonly NodeOf<K>[] {
  if (typeof value !== 'object' || value === null) return [];
  const index = indexes.get(value) ?? indexOf(value);
  indexes.set(value, index);
  return (index.get(kind) ?? []) as readonly NodeOf<K>[];
}

/** All nodes within a value by their kind, in the order of the text. No recursion: an expression may be deeper than the stack. */
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

/** Names of nodes begin with a capital, those of their fields do not. */
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

/** A text that two parts of statements share when they say the same, wherever they stand in their files. */
export function meaning(value: unknown, ignored: readonly string[] = []): string {
  const left = new Set([...places, ...ignored]);
  const words: string[] = [];
  // No recursion here either: strings are put down as they are, all else waits for its turn.
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

/** `public` is left out, as it is in most files. */
export const qualified = (schema: string | undefined, name: string | undefined): string =>
  schema && schema !== 'public' ? `${schema}.${name}` : `${name}`;

export const relationName = (relation: RangeVar | undefined): string =>
  qualified(relation?.schemaname, relation?.relname);

/** The name that a list of strings spells. */
export function spelled(nodes: readonly Node[] | undefined): string {
  const parts = ofKind(nodes, 'String').map(({ sval }) => sval ?? '');
  return (parts.length > 1 && parts[0] === 'public' ? parts.slice(1) : parts).join('.');
}
