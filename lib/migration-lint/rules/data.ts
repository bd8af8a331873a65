import type { Node, RangeVar } from 'libpg-query';
import { as, ofKind, relationName, spelled, within } from '../syntax-tree';
import { type Context, oldTables, type Rules, relationsOf } from './rule';

/** Whether a condition picks single rows: by a unique column, or by a subquery with a limit. */
function isBounded(where: Node | undefined, relation: RangeVar | undefined, context: Context): boolean {
  const and = as(where, 'BoolExpr');
  if (and?.boolop === 'AND_EXPR') return (and.args ?? []).some((part) => isBounded(part, relation, context));
  const link = as(where, 'SubLink');
  if (link?.subLinkType === 'ANY_SUBLINK') return as(link.subselect, 'SelectStmt')?.limitCount !== undefined;
  const { kind = '', name, lexpr, rexpr } = as(where, 'A_Expr') ?? {};
  const column = ofKind(as(lexpr, 'ColumnRef')?.fields, 'String').at(-1)?.sval;
  const constants = !within({ rexpr }, 'ColumnRef').length && !within({ rexpr }, 'SubLink').length;
  const picks = ['AEXPR_IN', 'AEXPR_OP', 'AEXPR_OP_ANY'].includes(kind) && spelled(name) === '=';
  if (!column || !picks || !constants) return false;
  const constraints = [
    ...(context.catalog.get('relation', relationName(relation))?.constraints.values() ?? []),
  ];
  return (
    column === 'id' ||
    constraints.some(
      ({ kind, columns }) =>
        /PRIMARY|UNIQUE/.test(kind ?? '') && columns.length === 1 && columns[0] === column,
    )
  );
}

export const dataRules = {
  truncate: {
    contracts: true,
    why: 'The rows are gone for the previous server, which waits for the table until the whole migration is through.',
    fix: ['delete what is no longer needed outside the migration, a few thousand rows a transaction'],
    check: (node, context) =>
      relationsOf(node, 'TruncateStmt', context, ({ relations }) => ofKind(relations, 'RangeVar')),
  },
  'data-rewrite': {
    why: 'Each row it touches is locked until the whole migration is through, and the previous server’s writes of them wait.',
    fix: [
      'change the rows outside the migration, a few thousand a transaction',
      'or name them: WHERE id IN (…), or a subquery with LIMIT',
    ],
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
    check: (node, context) =>
      [
        ...within(node, 'InsertStmt').map(({ selectStmt }) => selectStmt),
        ...within(node, 'CreateTableAsStmt')
          .filter(({ objtype }) => objtype === 'OBJECT_TABLE')
          .map(({ query }) => query),
      ].flatMap((query) =>
        as(query, 'SelectStmt')?.limitCount ? [] : oldTables(within(query, 'RangeVar'), context),
      ),
  },
} satisfies Rules;
