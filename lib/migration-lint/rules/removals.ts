import type { Node } from 'libpg-query';
import { dropped } from '../catalog';
import { as, ofKind, spelled, within } from '../syntax-tree';
import { alterations, altering, type Context, oldTables, type Rules } from './rule';

/** What a `DROP` takes that the running server may use. */
function droppedOld(node: Node, { catalog, now }: Context): ReturnType<typeof dropped> {
  return dropped(node).filter(
    ({ kind, name, object, ifExists }) =>
      catalog.isOld(kind, name, now) &&
      // Removed only to be made again, when no file has ever made it.
      !(ifExists && !/table|view|schema/.test(object) && !catalog.get(kind, name)),
  );
}

const harmlessRenames = [
  'OBJECT_INDEX',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_DOMCONSTRAINT',
  'OBJECT_POLICY',
  'OBJECT_TRIGGER',
];

/** The kind and name of what is renamed or moved, when the running server may use it. */
function renamed(node: Node, context: Context): { kind: string; name: string }[] {
  const { catalog, now } = context;
  const rename = as(node, 'RenameStmt') ?? as(node, 'AlterObjectSchemaStmt');
  const value = as(node, 'AlterEnumStmt');
  if (value?.oldVal)
    return catalog.isOld('type', spelled(value.typeName), now)
      ? [{ kind: 'value', name: `${spelled(value.typeName)}.${value.oldVal}` }]
      : [];
  if (!rename) return [];
  const type = as(node, 'RenameStmt')?.renameType ?? as(node, 'AlterObjectSchemaStmt')?.objectType ?? '';
  if (harmlessRenames.includes(type)) return [];
  const column = as(node, 'RenameStmt')?.subname ?? '';
  if (rename.relation) {
    const [table] = oldTables([rename.relation], context);
    if (table === undefined) return [];
    const isColumn = type === 'OBJECT_COLUMN' || type === 'OBJECT_ATTRIBUTE';
    if (!isColumn) return [{ kind: type === 'OBJECT_TABLE' ? 'table' : 'other', name: table }];
    return catalog.isOldColumn(table, column, now) ? [{ kind: 'column', name: `${table}.${column}` }] : [];
  }
  const name =
    type === 'OBJECT_SCHEMA'
      ? column
      : spelled(as(rename.object, 'List')?.items ?? as(rename.object, 'ObjectWithArgs')?.objname);
  const kind =
    type === 'OBJECT_SCHEMA'
      ? 'schema'
      : /TYPE|DOMAIN/.test(type)
        ? 'type'
        : /FUNC|PROC|ROUT|AGG/.test(type)
          ? 'routine'
          : 'other';
  return catalog.isOld(kind, name, now) ? [{ kind: 'other', name }] : [];
}

const later = (what: string) => [
  `now: release a server that no longer uses ${what}`,
  'the release after it: drop it, and allow it with the reason that no running server needs it',
];
const viaCopy = (what: string) => [
  `now: add the new ${what} beside the old one, and a server that writes both`,
  'fill the older rows outside the migration, and release a server that uses the new one only',
  'a later release: drop the old one',
];

export const removalRules = {
  'drop-table': {
    contracts: true,
    why: 'The previous server, which runs until the new one has taken over, fails on every query of the table.',
    fix: later('the table'),
    check: (node, context) =>
      droppedOld(node, context).flatMap(({ object, name }) => (/table/.test(object) ? name : [])),
  },
  'drop-column': {
    contracts: true,
    why: 'The previous server names the column in its queries of the table, so all of them fail.',
    fix: later(
      'the column: it is gone from the schema in shared/, and DROP NOT NULL in the database if it has no default',
    ),
    check: (node, context) =>
      alterations(node, context, 'AT_DropColumn')
        .filter(({ table, name }) => context.catalog.isOldColumn(table, name ?? '', context.now))
        .map(({ target }) => target),
  },
  'drop-index': {
    contracts: true,
    why: 'Queries of the previous server lose the index, and its ON CONFLICT fails if the index was unique.',
    fix: later('the index'),
    check: (node, context) =>
      droppedOld(node, context).flatMap(({ object, name }) => (object === 'index' ? name : [])),
  },
  'drop-unique': {
    contracts: true,
    why: 'Queries of the previous server lose the index behind the constraint, and its ON CONFLICT fails.',
    fix: later('the constraint'),
    check: (node, context) =>
      alterations(node, context, 'AT_DropConstraint')
        .filter(({ table, name }) =>
          /PRIMARY|UNIQUE|EXCLUSION/.test(
            context.catalog.get('relation', table)?.constraints.get(name ?? '')?.kind ?? '',
          ),
        )
        .map(({ target }) => target),
  },
  'drop-object': {
    contracts: true,
    why: 'The previous server may still use it, directly or through what depends on it.',
    fix: later('it'),
    check: (node, context) => [
      ...droppedOld(node, context).flatMap(({ object, name }) =>
        /table|index|policy/.test(object) ? [] : name,
      ),
      ...(context.now.release > 0 ? ofKind(as(node, 'DropOwnedStmt')?.roles, 'RoleSpec') : []).map(
        ({ rolename = '' }) => rolename,
      ),
    ],
  },
  'rename-table': {
    contracts: true,
    why: 'The previous server asks for the table by its old name and fails.',
    fix: [
      "keep the name in the database, and rename only the constant in the schema: pgTable('old_name', …)",
      'or: rename it and, in the same migration, CREATE VIEW old_name AS SELECT * FROM new_name, dropped a release later; allow it with that reason',
    ],
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'table' ? name : [])),
  },
  'rename-column': {
    contracts: true,
    why: 'The previous server asks for the column by its old name, so its queries of the table fail.',
    fix: [
      "keep the name in the database, and rename only the property in the schema: newName: text('old_name')",
      'or: add a new column beside it and a server that writes both, fill the older rows outside the migration, and drop the old one when no server uses it',
    ],
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'column' ? name : [])),
  },
  'rename-object': {
    contracts: true,
    why: 'The previous server may use it by its old name, in a query, a cast or as a value.',
    fix: viaCopy('object or value'),
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'other' || kind === 'value' ? name : [])),
  },
  'detach-partition': {
    contracts: true,
    why: 'The rows of the partition are gone from the table for the previous server.',
    fix: later('these rows'),
    check: (node, context) => altering('AT_DetachPartition', 'AT_DropInherit')(node, context),
  },
  revoke: {
    contracts: true,
    why: 'The previous server may use the privilege, and then its queries fail.',
    fix: later('the privilege').map((step) => step.replace('drop it', 'revoke it')),
    check: (node, context) => {
      const { is_grant, objects, objtype } = as(node, 'GrantStmt') ?? { is_grant: true };
      if (is_grant || context.now.release === 0) return [];
      const tables = ofKind(objects, 'RangeVar');
      return tables.length ? oldTables(tables, context) : [objtype ?? ''];
    },
  },
  'row-security': {
    contracts: true,
    why: 'The previous server’s role sees and writes only the rows that policies give it, which may be none.',
    fix: [
      'create permissive policies that give the application’s role all it uses, and only then, in a later release, enable row level security',
      'to narrow a policy: add the new one beside it, and drop the old one in a later release',
    ],
    check: (node, context) => [
      ...altering('AT_EnableRowSecurity', 'AT_ForceRowSecurity')(node, context),
      ...oldTables(
        [
          ...within(node, 'CreatePolicyStmt').filter(({ permissive }) => !permissive),
          ...within(node, 'AlterPolicyStmt'),
        ].map(({ table }) => table),
        context,
      ),
      ...droppedOld(node, context).flatMap(({ object, name }) => (object === 'policy' ? name : [])),
    ],
  },
} satisfies Rules;
