import type { Node } from 'libpg-query';
import { type Dropped, dropped, type Kind } from '../catalog/made';
import { as, ofKind, spelled, within } from '../syntax-tree';
import { isMadeAgain } from './replaced';
import { alterations, altering, type Context, oldTables, type Rules } from './rule';

/** Kinds that a file drops, IF EXISTS, where they were made by hand; others only make way for what comes after. */
const madeElsewhere = /table|view|schema|extension|sequence/;

/** Returns the objects that a `DROP` removes and that the running server may use. */
function droppedOld(node: Node, context: Context): Dropped[] {
  const { catalog, now } = context;
  return dropped(node).filter(
    (drop) =>
      catalog.isOld(drop.kind, drop.name, now) &&
      !(drop.ifExists && !madeElsewhere.test(drop.object) && !catalog.get(drop.kind, drop.name)) &&
      !isMadeAgain(drop, context),
  );
}

/** Indexes that only make queries faster. What no file made may be unique. */
function isOnlyFaster({ object, name }: Dropped, { catalog }: Context): boolean {
  return object === 'index' && catalog.indexNamed(name)?.index.unique === false;
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

/** The kind of object that a privilege is on, where files make such. */
function privileged(type: string | undefined): Kind | undefined {
  if (/FUNCTION|PROCEDURE|ROUTINE/.test(type ?? '')) return 'routine';
  if (/TYPE|DOMAIN/.test(type ?? '')) return 'type';
  return type === 'OBJECT_SCHEMA' ? 'schema' : undefined;
}

export const removalRules = {
  'drop-table': {
    contracts: true,
    why: 'The previous server, which runs until the new one has taken over, fails on every query of the table.',
    fix: later('the table'),
    link: 'https://www.postgresql.org/docs/17/sql-droptable.html',
    check: (node, context) =>
      droppedOld(node, context).flatMap(({ object, name }) => (/table/.test(object) ? name : [])),
  },
  'drop-column': {
    contracts: true,
    why: 'The previous server names the column in its queries of the table, so all of them fail.',
    fix: later(
      'the column: it is gone from the schema in shared/, and DROP NOT NULL in the database if it has no default',
    ),
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN',
    check: (node, context) =>
      alterations(node, context, 'AT_DropColumn')
        .filter(({ table, name }) => context.catalog.isOldColumn(table, name ?? '', context.now))
        .map(({ target }) => target),
  },
  'drop-index': {
    why: 'Queries of the previous server lose the index and get slower. It can be built again, so a way back stays.',
    fix: later('the index'),
    link: 'https://www.postgresql.org/docs/17/sql-dropindex.html',
    check: (node, context) =>
      droppedOld(node, context)
        .filter((drop) => isOnlyFaster(drop, context))
        .map(({ name }) => name),
  },
  'drop-unique': {
    contracts: true,
    why: 'The previous server’s ON CONFLICT fails without the unique index, and rows may come twice. Nobody can tell whether an index that no file created is unique.',
    fix: later('the constraint or index'),
    link: 'https://www.postgresql.org/docs/17/sql-insert.html#SQL-ON-CONFLICT',
    check: (node, context) => [
      ...alterations(node, context, 'AT_DropConstraint')
        .filter(({ table, name = '' }) => {
          const { kind = '', columns } = context.catalog.get('relation', table)?.constraints.get(name) ?? {};
          return /PRIMARY|UNIQUE|EXCLUSION/.test(kind) && !context.uniqueAgain(table, columns ?? []);
        })
        .map(({ target }) => target),
      ...droppedOld(node, context)
        .filter((drop) => drop.object === 'index' && !isOnlyFaster(drop, context))
        .filter(({ name }) => {
          const found = context.catalog.indexNamed(name);
          return !found || !context.uniqueAgain(found.table, found.index.columns);
        })
        .map(({ name }) => name),
    ],
  },
  'drop-object': {
    contracts: true,
    why: 'The previous server may still use it, directly or through what depends on it.',
    fix: later('it'),
    link: 'https://www.postgresql.org/docs/17/ddl-depend.html',
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
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME',
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
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME',
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'column' ? name : [])),
  },
  'rename-object': {
    contracts: true,
    why: 'The previous server may use it by its old name, in a query, a cast or as a value.',
    fix: viaCopy('object or value'),
    link: 'https://www.postgresql.org/docs/17/sql-altertype.html',
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'other' || kind === 'value' ? name : [])),
  },
  'detach-partition': {
    contracts: true,
    why: 'The rows of the partition are gone from the table for the previous server.',
    fix: later('these rows'),
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION',
    check: (node, context) => altering('AT_DetachPartition', 'AT_DropInherit')(node, context),
  },
  revoke: {
    contracts: true,
    why: 'The previous server may use the privilege, and then its queries fail.',
    fix: later('the privilege').map((step) => step.replace('drop it', 'revoke it')),
    link: 'https://www.postgresql.org/docs/17/sql-revoke.html',
    check: (node, context) => {
      const { catalog, now } = context;
      if (now.release === 0) return [];
      const role = as(node, 'GrantRoleStmt');
      if (role && !role.is_grant)
        return ofKind(role.granted_roles, 'AccessPriv').map(({ priv_name = '' }) => priv_name);
      const { is_grant, objects, objtype, targtype } = as(node, 'GrantStmt') ?? { is_grant: true };
      if (is_grant) return [];
      if (targtype !== 'ACL_TARGET_OBJECT') return [objtype ?? ''];
      const kind = privileged(objtype);
      const tables = ofKind(objects, 'RangeVar');
      return [
        ...oldTables(tables, context),
        ...(objects ?? [])
          .filter((object) => !as(object, 'RangeVar'))
          .map((object) =>
            spelled(as(object, 'ObjectWithArgs')?.objname ?? as(object, 'List')?.items ?? [object]),
          )
          .filter((name) => !kind || catalog.isOld(kind, name, now)),
      ];
    },
  },
  'row-security': {
    contracts: true,
    why: 'The previous server’s role sees and writes only the rows that policies give it, which may be none.',
    fix: [
      'create permissive policies that give the application’s role all it uses, and only then, in a later release, enable row level security',
      'to narrow a policy: add the new one beside it, and drop the old one in a later release',
    ],
    link: 'https://www.postgresql.org/docs/17/ddl-rowsecurity.html',
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
