import type { Node } from 'libpg-query';
import { isValue, typeText } from '../catalog/known-object';
import { isSteadyFunction } from '../steady-functions';
import { as, ofKind, spelled, within } from '../syntax-tree';
import {
  type Alteration,
  alterations,
  altering,
  type Context,
  declared,
  oldTables,
  optionsNamed,
  type Rules,
} from './rule';

function isFilledRowByRow(added: Alteration, { catalog }: Context): boolean {
  const value = declared(added, 'CONSTR_DEFAULT')?.raw_expr;
  const type = typeText(added.column?.typeName);
  return (
    /^(small|big)?serial\d?$/.test(type) ||
    declared(added, 'CONSTR_IDENTITY') !== undefined ||
    catalog.isConstrainedDomain(type) ||
    within({ value }, 'FuncCall')
      .map(({ funcname }) => spelled(funcname))
      .some((name) => !isSteadyFunction(name) && !catalog.get('routine', name)?.isSteady)
  );
}

/** Returns the columns that become NOT NULL in a table in use, by `SET NOT NULL` or as part of a primary key. */
function madeNotNull(node: Node, context: Context): string[] {
  const { catalog } = context;
  return [
    ...alterations(node, context, 'AT_SetNotNull').map(({ table, name = '' }) => ({ table, name })),
    ...alterations(node, context, 'AT_AddConstraint').flatMap(({ table, constraint }) => {
      if (constraint?.contype !== 'CONSTR_PRIMARY') return [];
      const index = catalog.get('relation', table)?.indexes.get(constraint.indexname ?? '');
      const keys = index?.columns ?? ofKind(constraint.keys, 'String').map(({ sval }) => sval ?? '');
      // A column that no file creates is unknown, and most primary keys consist of columns that are NOT NULL already.
      return keys
        .filter((name) => catalog.get('relation', table)?.columns.has(name))
        .map((name) => ({ table, name }));
    }),
  ]
    .filter((column) => !isNotNull(column, context))
    .map(({ table, name }) => `${table}.${name}`);
}

/** Returns true if the column has a value in every row: the column is NOT NULL, or a validated check says so. */
function isNotNull({ table, name }: { table: string; name: string }, { catalog }: Context): boolean {
  const known = catalog.get('relation', table);
  return (
    known?.columns.get(name)?.notNull === true ||
    [...(known?.constraints.values() ?? [])].some(({ notNull, valid }) => valid && notNull.includes(name))
  );
}

/** Returns true if the files show that a column has no default. */
function hasNoDefault({ table, name = '' }: Alteration, { catalog }: Context): boolean {
  return catalog.get('relation', table)?.columns.get(name)?.hasDefault === false;
}

const added = (node: Node, context: Context, wanted: (added: Alteration) => boolean) =>
  alterations(node, context, 'AT_AddColumn')
    .filter(wanted)
    .map(({ target }) => target);

export const columnRules = {
  'add-not-null-column': {
    contracts: true,
    why: 'The statement fails if the table has a row. The previous server’s inserts do not name the column, so they fail too.',
    fix: [
      'now: add the column with a constant DEFAULT, or without NOT NULL',
      'once every server writes the column: fill the rows that have no value, then make the column NOT NULL (see set-not-null)',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    check: (node, context) =>
      added(
        node,
        context,
        (column) =>
          declared(column, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY') !== undefined &&
          !declared(column, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED') &&
          !/serial\d?$/.test(typeText(column.column?.typeName)),
      ),
  },
  'volatile-default': {
    why: 'The default can differ from row to row, so PostgreSQL rewrites the whole table. Readers and writers wait during the rewrite.',
    fix: [
      'add the column without a default; set the default in a second statement (ALTER COLUMN … SET DEFAULT), which affects new rows only',
      'fill the existing rows outside the migration, a few thousand rows per transaction',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    check: (node, context) => added(node, context, (column) => isFilledRowByRow(column, context)),
  },
  'generated-column': {
    why: 'PostgreSQL computes a stored generated column for every row, so it rewrites the whole table. Readers and writers wait during the rewrite.',
    fix: [
      'add a plain column, and a trigger that computes its value for new rows',
      'fill the existing rows outside the migration; or compute the value in the query, or in an index on the expression',
    ],
    link: 'https://www.postgresql.org/docs/17/ddl-generated-columns.html',
    check: (node, context) => [
      ...added(node, context, (column) => declared(column, 'CONSTR_GENERATED') !== undefined),
      ...altering('AT_SetExpression')(node, context),
    ],
  },
  'set-not-null': {
    contracts: true,
    why: 'PostgreSQL reads every row while readers and writers wait. The previous server’s inserts fail if they omit the column.',
    fix: [
      'now: release a server that always writes the column, and fill the rows that have no value outside the migration',
      'the next release: ALTER TABLE … ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID',
      'the release after it: VALIDATE CONSTRAINT …, then SET NOT NULL, then DROP CONSTRAINT …; SET NOT NULL reads no rows, because the validated check proves that no value is null',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
    check: (node, context) => [
      ...madeNotNull(node, context),
      ...(as(node, 'AlterDomainStmt')?.subtype === 'O'
        ? [spelled(as(node, 'AlterDomainStmt')?.typeName)].filter((name) =>
            context.catalog.isOld('type', name, context.now),
          )
        : []),
    ],
  },
  'drop-default': {
    contracts: true,
    why: 'The previous server omits the column and relies on its default. Its inserts fail, or write NULL.',
    fix: [
      'now: release a server that always writes the column',
      'a later release: drop the default, and allow it with that reason',
    ],
    link: 'https://www.postgresql.org/docs/17/ddl-default.html',
    check: (node, context) => [
      ...alterations(node, context, 'AT_ColumnDefault')
        .filter((change) => !isValue(change.def) && !hasNoDefault(change, context))
        .map(({ target }) => target),
      ...altering('AT_DropIdentity', 'AT_DropExpression')(node, context),
    ],
  },
  'restart-sequence': {
    contracts: true,
    why: 'The sequence returns numbers that rows already have, so every server’s inserts fail on the primary key.',
    fix: [
      "remove the statement, or set the sequence to the highest number in use: SELECT setval('users_id_seq', (SELECT max(id) FROM users))",
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altersequence.html',
    check: (node, context) => {
      const sequence = as(node, 'AlterSeqStmt');
      return [
        ...(optionsNamed(sequence?.options, 'restart').length > 0
          ? oldTables([sequence?.sequence], context)
          : []),
        ...alterations(node, context, 'AT_SetIdentity')
          .filter(({ def }) => optionsNamed(as(def, 'List')?.items, 'restart').length > 0)
          .map(({ target }) => target),
      ];
    },
  },
  'identity-always': {
    contracts: true,
    why: 'PostgreSQL refuses an explicit value for a GENERATED ALWAYS column. The previous server may insert one.',
    fix: [
      'use GENERATED BY DEFAULT AS IDENTITY',
      'change the column to ALWAYS once no running server writes it',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createtable.html#SQL-CREATETABLE-PARMS-GENERATED-IDENTITY',
    check: (node, context) =>
      alterations(node, context, 'AT_AddIdentity', 'AT_SetIdentity')
        .filter(
          ({ constraint, def }) =>
            constraint?.generated_when === 'a' ||
            ofKind(as(def, 'List')?.items, 'DefElem').some(
              ({ defname, arg }) => defname === 'generated' && as(arg, 'Integer')?.ival === 'a'.charCodeAt(0),
            ),
        )
        .map(({ target }) => target),
  },
} satisfies Rules;
