import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import { as, ofKind, relationName, spelled, within } from '../syntax-tree';
import { type Context, oldTables, type Rules, relationsOf, tablesRead } from './rule';

/** PostgreSQL changes this many rows in about the time that a user waits for a page. */
const FEW = 10_000;

function hasSmallLimit(select: SelectStmt | undefined): boolean {
  const limit = as(select?.limitCount, 'A_Const');
  return limit !== undefined && !limit.isnull && limit.ival !== undefined && (limit.ival.ival ?? 0) <= FEW;
}

/** Returns true if a column identifies a row of its table. */
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
 * Returns true if a condition selects single rows: by constant values of a unique column, or by a subquery with a
 * small LIMIT.
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

/** Returns the tables in use whose rows a query reads without a bound. */
function readWhole(query: Node | undefined, node: Node, context: Context): string[] {
  const select = as(query, 'SelectStmt');
  if (!select || hasSmallLimit(select)) return [];
  const from = select.fromClause ?? [];
  const only = from.length === 1 ? as(from[0], 'RangeVar') : undefined;
  if (only && isBounded(select.whereClause, only, context)) return [];
  return tablesRead(query, node, context);
}

/** Returns the tables in use from which a statement fills a new table row by row: `UPDATE new SET … FROM old`. */
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
    why: 'The previous server loses the rows. Its queries of the table wait until the whole migration has ended.',
    fix: ['delete rows that are no longer needed outside the migration, a few thousand rows per transaction'],
    link: 'https://www.postgresql.org/docs/17/sql-truncate.html',
    check: (node, context) =>
      relationsOf(node, 'TruncateStmt', context, ({ relations }) => ofKind(relations, 'RangeVar')),
  },
  'data-rewrite': {
    why: 'The statement locks each row that it changes until the whole migration has ended. The previous server’s writes to these rows wait.',
    fix: [
      'change the rows outside the migration, a few thousand rows per transaction',
      'or select the rows by a unique column: WHERE id IN (1, 2), or WHERE id IN (SELECT id … LIMIT 1000)',
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
    why: 'The copy lacks the rows that the previous server writes afterwards. The migration holds all its locks during the copy.',
    fix: [
      'now: release a server that writes to both places',
      'then: copy the older rows outside the migration, a few thousand rows per transaction',
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
