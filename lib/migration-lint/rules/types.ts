import type { Node } from 'libpg-query';
import { type Known, typeText } from '../catalog/known';
import { as, ofKind } from '../syntax-tree';
import { type Alteration, alterations, type Context, type Rules } from './rule';

interface Type {
  readonly name: string;
  /** Length, precision and scale; unlimited where it has none. */
  readonly limits: readonly number[];
}

const limitless: Readonly<Record<string, number>> = { numeric: 2, text: 0 };

function parsed(text: string): Type {
  const [, name = text, limits] = /^([^([]+)(?:\(([\d,]+)\))?$/.exec(text) ?? [];
  const given =
    limits?.split(',').map(Number) ?? Array<number>(limitless[name] ?? 1).fill(Number.POSITIVE_INFINITY);
  // `numeric(10)` has no digits behind the point.
  return { name, limits: name === 'numeric' && given.length === 1 ? [...given, 0] : given };
}

const times = ['timestamp', 'timestamptz', 'time', 'timetz'];

/** Returns true if all values of a type are stored as those of another, and are allowed there. */
function isWider(from: string, to: string): boolean {
  if (from === to) return true;
  const [before, after] = [parsed(from), parsed(to)];
  const [length = Number.POSITIVE_INFINITY, scale] = before.limits;
  const [newLength = Number.POSITIVE_INFINITY, newScale] = after.limits;
  if (['varchar', 'text'].includes(before.name) && ['varchar', 'text'].includes(after.name))
    return newLength >= length;
  if (before.name !== after.name) return before.name === 'cidr' && after.name === 'inet';
  if (before.name === 'numeric')
    return newLength === Number.POSITIVE_INFINITY || (newLength >= length && newScale === scale);
  // Six digits are all there are.
  if (times.includes(before.name)) return newLength >= Math.min(length, 6);
  return before.name === 'varbit' && newLength >= length;
}

/** Times are stored in UTC with a zone and without, so where that is the zone of the session nothing changes. */
const isSameInUtc = (from: string, to: string) =>
  /^timestamp(tz)?$/.test(from) && /^timestamp(tz)?$/.test(to);

const mentions = (known: Known | undefined, column: string) =>
  [...(known?.indexes.values() ?? []), ...(known?.constraints.values() ?? [])].some((part) =>
    part.mentions.includes(column),
  );

const isIndexed = (known: Known | undefined, column: string) =>
  [...(known?.indexes.values() ?? []), ...(known?.constraints.values() ?? [])].some(({ columns }) =>
    columns.includes(column),
  );

/** `USING column::type` says no more than the type itself. */
function isPlainCast(using: Node | undefined, column: string, type: string): boolean {
  const cast = as(using, 'TypeCast');
  const fields = ofKind(as(cast?.arg ?? using, 'ColumnRef')?.fields, 'String');
  return fields.length === 1 && fields[0]!.sval === column && (!cast || typeText(cast.typeName) === type);
}

/** Other: the server meets another type. Rebuilt: the same to it, but written or read again. Free: neither. */
type Change = 'other' | 'rebuilt' | 'free';

function changeOf({ table, name = '', column }: Alteration, { catalog }: Context): Change {
  const known = catalog.get('relation', table);
  const before = known?.columns.get(name)?.type;
  const after = typeText(column?.typeName);
  if (before === undefined) return 'other';
  if (column?.raw_default && !isPlainCast(column.raw_default, name, after)) return 'other';
  if (!isWider(before, after) && !isSameInUtc(before, after)) return 'other';
  const isSorted = isIndexed(known, name) && (column?.collClause || !isWider(before, after));
  return isSorted || (before !== after && mentions(known, name)) ? 'rebuilt' : 'free';
}

/** The columns of a table in use whose values are written or read again, though the server sees no difference. */
export function rebuilt(node: Node, context: Context): string[] {
  return alterations(node, context, 'AT_AlterColumnType')
    .filter((change) => changeOf(change, context) === 'rebuilt')
    .map(({ target }) => target);
}

export const typeRules = {
  'change-type': {
    contracts: true,
    why: 'The table and its indexes are written again while readers and writers wait, and the previous server goes on sending and expecting the old type.',
    fix: [
      'now: add a second column of the new type, and a server that writes both and reads the old one',
      'fill the older rows outside the migration, and release a server that reads the new one',
      'a later release: drop the old column (see drop-column)',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    check: (node, context) =>
      alterations(node, context, 'AT_AlterColumnType')
        .filter((change) => changeOf(change, context) === 'other')
        .map(({ target }) => target),
  },
  'blocked-by-view': {
    fails: true,
    why: 'PostgreSQL refuses to change the type of a column that a view or a rule uses: the release fails here.',
    fix: [
      'drop the view before, and make it again with the same text after, in the same migration',
      'or leave the type as it is',
    ],
    link: 'https://www.postgresql.org/docs/17/rules-views.html',
    check: (node, context) =>
      alterations(node, context, 'AT_AlterColumnType')
        .filter(({ table, name }) => context.catalog.usersOf(table, name).length > 0)
        .map(({ target }) => target),
  },
} satisfies Rules;
