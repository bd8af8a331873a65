import type { Node, RangeVar } from 'libpg-query';

/** What each kind of node holds. One type to look names up in: the union of all nodes takes the compiler seconds. */
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

/** The nodes of one kind at any depth. */
export function within<K extends NodeName>(value: unknown, kind: K): NodeOf<K>[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key === kind ? [child as NodeOf<K>] : []),
    ...within(child, kind),
  ]);
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
