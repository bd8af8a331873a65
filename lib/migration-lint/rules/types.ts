import type { Node } from 'libpg-query';
import { type KnownObject, typeText } from '../catalog/known-object';
import { as, ofKind } from '../syntax-tree';
import { type Alteration, alterations, type Context, type Rules } from './rule';

interface Type {
  readonly name: string;
  /** Length, or precision and scale; infinite for a limit that the type does not set. */
  readonly limits: readonly number[];
}

const limitless: Readonly<Record<string, number>> = { numeric: 2, text: 0 };

function parsed(text: string): Type {
  const [, name = text, limits] = /^([^([]+)(?:\(([\d,]+)\))?$/.exec(text) ?? [];
  const given =
    limits?.split(',').map(Number) ?? Array<number>(limitless[name] ?? 1).fill(Number.POSITIVE_INFINITY);
  // `numeric(10)` has no digits after the decimal point.
  return { name, limits: name === 'numeric' && given.length === 1 ? [...given, 0] : given };
}

const times = ['timestamp', 'timestamptz', 'time', 'timetz'];

/** Returns true if another type stores all values of a type in the same way and allows all of them. */
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
  // PostgreSQL stores six fractional digits of a second at most.
  if (times.includes(before.name)) return newLength >= Math.min(length, 6);
  return before.name === 'varbit' && newLength >= length;
}

/**
 * Returns true for a change between timestamps with and without time zone. PostgreSQL stores both in UTC, so nothing
 * changes if the session's time zone is UTC.
 */
const isSameInUtc = (from: string, to: string) =>
  /^timestamp(tz)?$/.test(from) && /^timestamp(tz)?$/.test(to);

const mentions = (known: KnownObject | undefined, column: string) =>
  [...(known?.indexes.values() ?? []), ...(known?.constraints.values() ?? [])].some((part) =>
    part.mentions.includes(column),
  );

const isIndexed = (known: KnownObject | undefined, column: string) =>
  [...(known?.indexes.values() ?? []), ...(known?.constraints.values() ?? [])].some(({ columns }) =>
    columns.includes(column),
  );

/** Returns true if `USING` only casts the column to the new type, which PostgreSQL does anyway. */
function isPlainCast(using: Node | undefined, column: string, type: string): boolean {
  const cast = as(using, 'TypeCast');
  const fields = ofKind(as(cast?.arg ?? using, 'ColumnRef')?.fields, 'String');
  return fields.length === 1 && fields[0]!.sval === column && (!cast || typeText(cast.typeName) === type);
}

/**
 * `other`: the server gets a different type. `rebuilt`: PostgreSQL rewrites or rereads the values, and the server sees
 * no difference. `free`: neither.
 */
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

/**
 * Returns the columns of a table in use whose values PostgreSQL rewrites or rereads, although the server sees no
 * difference.
 */
export function rebuilt(node: Node, context: Context): string[] {
  return alterations(node, context, 'AT_AlterColumnType')
    .filter((change) => changeOf(change, context) === 'rebuilt')
    .map(({ target }) => target);
}

export const typeRules = {
  'change-type': {
    contracts: true,
    why: 'PostgreSQL rewrites the table and its indexes, while readers and writers wait. The previous server still sends and expects the old type.',
    fix: [
      'now: add a second column of the new type, and release a server that writes both columns and reads the old one',
      'then: fill the older rows outside the migration, and release a server that reads the new column',
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
    why: 'PostgreSQL refuses to change the type of a column that a view or a rule uses. The release fails here.',
    fix: [
      'drop the view before the change, and create it again with the same text afterwards, in the same migration',
      'or: keep the type',
    ],
    link: 'https://www.postgresql.org/docs/17/rules-views.html',
    check: (node, context) =>
      alterations(node, context, 'AT_AlterColumnType')
        .filter(({ table, name }) => context.catalog.usersOf(table, name).length > 0)
        .map(({ target }) => target),
  },
} satisfies Rules;
