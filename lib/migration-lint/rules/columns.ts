import type { Node } from 'libpg-query';
import { isValue, typeText } from '../catalog/known';
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

/** The columns that become NOT NULL in a table in use: by name, or as the primary key of an index. */
function madeNotNull(node: Node, context: Context): string[] {
  const { catalog } = context;
  return [
    ...alterations(node, context, 'AT_SetNotNull').map(({ table, name = '' }) => ({ table, name })),
    ...alterations(node, context, 'AT_AddConstraint').flatMap(({ table, constraint }) => {
      if (constraint?.contype !== 'CONSTR_PRIMARY') return [];
      const index = catalog.get('relation', table)?.indexes.get(constraint.indexname ?? '');
      const keys = index?.columns ?? ofKind(constraint.keys, 'String').map(({ sval }) => sval ?? '');
      // Nothing is known of a column that no file creates. Most primary keys are made of a column that is NOT NULL.
      return keys
        .filter((name) => catalog.get('relation', table)?.columns.has(name))
        .map((name) => ({ table, name }));
    }),
  ]
    .filter((column) => !isNotNull(column, context))
    .map(({ table, name }) => `${table}.${name}`);
}

/**
 * Returns true if no row lacks the column: it is NOT NULL already, or a check that PostgreSQL believes says
 * so.
 */
function isNotNull({ table, name }: { table: string; name: string }, { catalog }: Context): boolean {
  const known = catalog.get('relation', table);
  return (
    known?.columns.get(name)?.notNull === true ||
    [...(known?.constraints.values() ?? [])].some(({ notNull, valid }) => valid && notNull.includes(name))
  );
}

/** Returns true if a column is known to have no default that could be lost. */
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
    why: 'It fails when the table has a row, and the previous server’s inserts, which do not name the column, fail too.',
    fix: [
      'now: add it with a constant DEFAULT, or without NOT NULL',
      'when every server writes it: fill the rows that lack it, then make it NOT NULL (see set-not-null)',
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
    why: 'The value differs from row to row, so PostgreSQL writes the whole table again and stops readers and writers meanwhile.',
    fix: [
      'add the column without a default, and in a second statement ALTER COLUMN … SET DEFAULT: only new rows get it',
      'fill the older rows outside the migration, a few thousand a transaction',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    check: (node, context) => added(node, context, (column) => isFilledRowByRow(column, context)),
  },
  'generated-column': {
    why: 'A stored generated column is computed for every row: the whole table is written again while readers and writers wait.',
    fix: [
      'add a plain column and a trigger that computes it for new rows',
      'fill the older rows outside the migration, or compute the value in the query or in an index on the expression',
    ],
    link: 'https://www.postgresql.org/docs/17/ddl-generated-columns.html',
    check: (node, context) => [
      ...added(node, context, (column) => declared(column, 'CONSTR_GENERATED') !== undefined),
      ...altering('AT_SetExpression')(node, context),
    ],
  },
  'set-not-null': {
    contracts: true,
    why: 'Every row is read while readers and writers wait, and the previous server’s inserts fail if they leave the column out.',
    fix: [
      'a release whose server always writes the column; the rows that lack it filled outside the migration',
      'next: ALTER TABLE … ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID',
      'after it: VALIDATE CONSTRAINT …, then SET NOT NULL, which believes the valid check and reads nothing, then DROP CONSTRAINT …',
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
    why: 'The previous server leaves the column out and counts on its default: its inserts fail, or write NULL.',
    fix: [
      'release a server that always writes the column',
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
    why: 'It gives numbers again that rows have already, so the inserts of every server fail on the primary key.',
    fix: [
      "leave it out, or set it after the last number that is used: SELECT setval('users_id_seq', (SELECT max(id) FROM users))",
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
    why: 'The previous server may give a value of its own for the column, which GENERATED ALWAYS refuses.',
    fix: [
      'use GENERATED BY DEFAULT AS IDENTITY',
      'change it to ALWAYS once no running server writes the column',
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
