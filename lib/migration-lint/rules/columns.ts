import type { Node } from 'libpg-query';
import { typeText } from '../catalog';
import { as, ofKind, spelled, within } from '../syntax-tree';
import { type Alteration, alterations, altering, type Context, declared, type Rules } from './rule';

/** Functions that give one value a statement, so that PostgreSQL stores it once instead of in each row. */
export const steadyFunctions = [
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'timezone',
  'date_trunc',
  'date_part',
  'extract',
  'make_date',
  'make_interval',
  'make_timestamp',
  'make_timestamptz',
  'to_timestamp',
  'to_date',
  'lower',
  'upper',
  'md5',
  'concat',
  'format',
  'array_fill',
  'to_json',
  'to_jsonb',
  'json_build_array',
  'json_build_object',
  'jsonb_build_array',
  'jsonb_build_object',
  'current_setting',
] as const;

const steady: ReadonlySet<string> = new Set(steadyFunctions.flatMap((name) => [name, `pg_catalog.${name}`]));

function isFilledRowByRow(added: Alteration, { catalog }: Context): boolean {
  const value = declared(added, 'CONSTR_DEFAULT')?.raw_expr;
  const type = typeText(added.column?.typeName);
  return (
    /^(small|big)?serial\d?$/.test(type) ||
    declared(added, 'CONSTR_IDENTITY') !== undefined ||
    catalog.isConstrainedDomain(type) ||
    within({ value }, 'FuncCall').some(({ funcname }) => !steady.has(spelled(funcname)))
  );
}

/** A text that may only get longer is stored as it was. */
function isWidening({ table, name = '', column }: Alteration, { catalog }: Context): boolean {
  const length = (type: string) => {
    const [, varying, limit] = /^(?:(text)|varchar(?:\((\d+)\))?)$/.exec(type) ?? [undefined, 'no'];
    return varying === 'no' ? Number.NaN : limit ? Number(limit) : Number.POSITIVE_INFINITY;
  };
  const before = catalog.get('relation', table)?.columns.get(name)?.type ?? '';
  return !column?.raw_default && length(typeText(column?.typeName)) >= length(before);
}

function isProvenNotNull({ table, name }: Alteration, { catalog }: Context): boolean {
  const constraints = catalog.get('relation', table)?.constraints.values() ?? [];
  return [...constraints].some(({ notNull, valid }) => valid && notNull === name);
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
    check: (node, context) => added(node, context, (column) => isFilledRowByRow(column, context)),
  },
  'generated-column': {
    why: 'A stored generated column is computed for every row: the whole table is written again while readers and writers wait.',
    fix: [
      'add a plain column and a trigger that computes it for new rows',
      'fill the older rows outside the migration, or compute the value in the query or in an index on the expression',
    ],
    check: (node, context) => [
      ...added(node, context, (column) => declared(column, 'CONSTR_GENERATED') !== undefined),
      ...altering('AT_SetExpression')(node, context),
    ],
  },
  'change-type': {
    contracts: true,
    why: 'The table and its indexes are written again while readers and writers wait, and the previous server goes on sending and expecting the old type.',
    fix: [
      'now: add a second column of the new type, and a server that writes both and reads the old one',
      'fill the older rows outside the migration, and release a server that reads the new one',
      'a later release: drop the old column (see drop-column)',
    ],
    check: (node, context) =>
      alterations(node, context, 'AT_AlterColumnType')
        .filter((change) => !isWidening(change, context))
        .map(({ target }) => target),
  },
  'set-not-null': {
    contracts: true,
    why: 'Every row is read while readers and writers wait, and the previous server’s inserts fail if they leave the column out.',
    fix: [
      'a release whose server always writes the column; the rows that lack it filled outside the migration',
      'next: ALTER TABLE … ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID',
      'after it: VALIDATE CONSTRAINT …, then SET NOT NULL, which believes the valid check and reads nothing, then DROP CONSTRAINT …',
    ],
    check: (node, context) => [
      ...alterations(node, context, 'AT_SetNotNull')
        .filter((column) => !isProvenNotNull(column, context))
        .map(({ target }) => target),
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
    check: (node, context) => [
      ...alterations(node, context, 'AT_ColumnDefault')
        .filter(({ def }) => !def)
        .map(({ target }) => target),
      ...altering('AT_DropIdentity', 'AT_DropExpression')(node, context),
    ],
  },
  'identity-always': {
    contracts: true,
    why: 'The previous server may give a value of its own for the column, which GENERATED ALWAYS refuses.',
    fix: [
      'use GENERATED BY DEFAULT AS IDENTITY',
      'change it to ALWAYS once no running server writes the column',
    ],
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
