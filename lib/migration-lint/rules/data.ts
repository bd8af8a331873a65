import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import { as, ofKind, relationName, spelled, within } from '../syntax-tree';
import { type Context, oldTables, type Rules, relationsOf, tablesRead } from './rule';

/** So many rows are changed in the time that a user waits for a page. */
const FEW = 10_000;

function hasSmallLimit(select: SelectStmt | undefined): boolean {
  const limit = as(select?.limitCount, 'A_Const');
  return limit !== undefined && !limit.isnull && limit.ival !== undefined && (limit.ival.ival ?? 0) <= FEW;
}

/** Returns true if a column tells the rows of a table apart. */
function isUnique(column: string, relation: RangeVar | undefined, { catalog }: Context): boolean {
  const known = catalog.get('relation', relationName(relation));
  const isAlone = (columns: readonly string[]) => columns.length === 1 && columns[0] === column;
  return (
    column === 'id' ||
    column === 'ctid' ||
    [...(known?.constraints.values() ?? [])].some(
      ({ kind, columns }) => /PRIMARY|UNIQUE/.test(kind ?? '') && isAlone(columns),
    ) ||
    [...(known?.indexes.values() ?? [])].some(({ unique, columns }) => unique && isAlone(columns))
  );
}

const columnNamed = (node: Node | undefined) => ofKind(as(node, 'ColumnRef')?.fields, 'String').at(-1)?.sval;

/**
 * Returns true if a condition picks single rows: a unique column that is given, or one of a limited subquery.
 */
function isBounded(where: Node | undefined, relation: RangeVar | undefined, context: Context): boolean {
  const and = as(where, 'BoolExpr');
  if (and?.boolop === 'AND_EXPR') return (and.args ?? []).some((part) => isBounded(part, relation, context));
  const link = as(where, 'SubLink');
  if (link) {
    const column = columnNamed(link.testexpr);
    return (
      link.subLinkType === 'ANY_SUBLINK' &&
      column !== undefined &&
      isUnique(column, relation, context) &&
      hasSmallLimit(as(link.subselect, 'SelectStmt'))
    );
  }
  const { kind = '', name, lexpr, rexpr } = as(where, 'A_Expr') ?? {};
  const column = columnNamed(lexpr);
  const constants = !within({ rexpr }, 'ColumnRef').length && !within({ rexpr }, 'SubLink').length;
  const picks = ['AEXPR_IN', 'AEXPR_OP', 'AEXPR_OP_ANY'].includes(kind) && spelled(name) === '=';
  return column !== undefined && picks && constants && isUnique(column, relation, context);
}

/** The tables in use whose rows a query reads without bounds. */
function readWhole(query: Node | undefined, node: Node, context: Context): string[] {
  const select = as(query, 'SelectStmt');
  if (!select || hasSmallLimit(select)) return [];
  const from = select.fromClause ?? [];
  const only = from.length === 1 ? as(from[0], 'RangeVar') : undefined;
  if (only && isBounded(select.whereClause, only, context)) return [];
  return tablesRead(query, node, context);
}

/** The tables in use that fill a new one row by row: `UPDATE new SET … FROM old`. */
function readForNew(node: Node, context: Context): string[] {
  const changes = [
    ...within(node, 'UpdateStmt').map(({ relation, fromClause, targetList, whereClause }) => ({
      relation,
      sources: [fromClause, targetList, whereClause],
      where: whereClause,
    })),
    ...within(node, 'MergeStmt').map(({ relation, sourceRelation }) => ({
      relation,
      sources: [sourceRelation],
      where: undefined,
    })),
  ];
  return changes.flatMap(({ relation, sources, where }) =>
    oldTables([relation], context).length > 0 || isBounded(where, relation, context)
      ? []
      : tablesRead(sources, node, context),
  );
}

export const dataRules = {
  truncate: {
    contracts: true,
    why: 'The rows are gone for the previous server, which waits for the table until the whole migration is through.',
    fix: ['delete what is no longer needed outside the migration, a few thousand rows a transaction'],
    link: 'https://www.postgresql.org/docs/17/sql-truncate.html',
    check: (node, context) =>
      relationsOf(node, 'TruncateStmt', context, ({ relations }) => ofKind(relations, 'RangeVar')),
  },
  'data-rewrite': {
    why: 'Each row it touches is locked until the whole migration is through, and the previous server’s writes of them wait.',
    fix: [
      'change the rows outside the migration, a few thousand a transaction',
      'or name them by a unique column: WHERE id IN (1, 2), or WHERE id IN (SELECT id … LIMIT 1000)',
    ],
    link: 'https://www.postgresql.org/docs/17/explicit-locking.html#LOCKING-ROWS',
    check: (node, context) => [
      ...['UpdateStmt' as const, 'DeleteStmt' as const].flatMap((kind) =>
        relationsOf(node, kind, context, ({ whereClause, relation }) =>
          isBounded(whereClause, relation, context) ? [] : [relation],
        ),
      ),
      ...relationsOf(node, 'MergeStmt', context, ({ relation }) => [relation]),
    ],
  },
  'data-copy': {
    why: 'What the previous server writes after the copy is missing from it, and all locks of the migration are held meanwhile.',
    fix: [
      'now: a server that writes both places',
      'then copy the older rows outside the migration, a few thousand a transaction',
    ],
    link: 'https://www.postgresql.org/docs/17/transaction-iso.html',
    check: (node, context) => {
      if (within(node, 'RangeVar').length === 0) return [];
      return [
        ...[
          ...within(node, 'InsertStmt').map(({ selectStmt }) => selectStmt),
          ...within(node, 'InsertStmt').flatMap(({ withClause }) =>
            ofKind(withClause?.ctes, 'CommonTableExpr').map(({ ctequery }) => ctequery),
          ),
          ...within(node, 'CreateTableAsStmt')
            .filter(({ objtype }) => objtype === 'OBJECT_TABLE')
            .map(({ query }) => query),
          ...(as(node, 'SelectStmt')?.intoClause ? [node] : []),
        ].flatMap((query) => readWhole(query, node, context)),
        ...readForNew(node, context),
      ];
    },
  },
} satisfies Rules;
