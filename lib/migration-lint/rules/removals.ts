import type { Node } from 'libpg-query';
import { type Dropped, dropped, type Kind } from '../catalog/named-objects';
import { as, ofKind, spelled, within } from '../syntax-tree';
import { isRecreated } from './replaced';
import { alterations, altering, type Context, oldTables, type Rules } from './rule';

/**
 * Kinds of objects that are often created by hand. `DROP … IF EXISTS` of such an object counts even if no file created
 * the object. For other kinds, `IF EXISTS` only clears the way for a later statement.
 */
const madeElsewhere = /table|view|schema|extension|sequence/;

/** Returns the objects that a `DROP` removes and that the running server may use. */
function droppedInUse(node: Node, context: Context): Dropped[] {
  const { catalog, now } = context;
  return dropped(node).filter(
    (drop) =>
      catalog.isOld(drop.kind, drop.name, now) &&
      !(drop.ifExists && !madeElsewhere.test(drop.object) && !catalog.get(drop.kind, drop.name)) &&
      !isRecreated(drop, context),
  );
}

/** Returns true if an index only speeds up queries. An index that no file created may be unique. */
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

/** Returns the kind and the name of a renamed or moved object that the running server may use. */
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
  'the release after it: drop it, and allow that with the reason that no running server uses it',
];
const viaCopy = (what: string) => [
  `now: add the new ${what} beside the old one, and release a server that writes both`,
  'then: fill the older rows outside the migration, and release a server that uses only the new one',
  'a later release: drop the old one',
];

/** Returns the kind of object that a privilege is on, for kinds that migration files create. */
function privileged(type: string | undefined): Kind | undefined {
  if (/FUNCTION|PROCEDURE|ROUTINE/.test(type ?? '')) return 'routine';
  if (/TYPE|DOMAIN/.test(type ?? '')) return 'type';
  return type === 'OBJECT_SCHEMA' ? 'schema' : undefined;
}

export const removalRules = {
  'drop-table': {
    contracts: true,
    why: 'The previous server runs until the new one has replaced it. Until then, each of its queries of the table fails.',
    fix: later('the table'),
    link: 'https://www.postgresql.org/docs/17/sql-droptable.html',
    check: (node, context) =>
      droppedInUse(node, context).flatMap(({ object, name }) => (/table/.test(object) ? name : [])),
  },
  'drop-column': {
    contracts: true,
    why: 'The previous server names the column in its queries of the table, so all these queries fail.',
    fix: later(
      'the column: remove the column from the schema in shared/, and use DROP NOT NULL in the database if the column has no default',
    ),
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN',
    check: (node, context) =>
      alterations(node, context, 'AT_DropColumn')
        .filter(({ table, name }) => context.catalog.isOldColumn(table, name ?? '', context.now))
        .map(({ target }) => target),
  },
  'drop-index': {
    why: 'Queries of the previous server can no longer use the index and get slower. A rollback stays possible, because the index can be built again.',
    fix: later('the index'),
    link: 'https://www.postgresql.org/docs/17/sql-dropindex.html',
    check: (node, context) =>
      droppedInUse(node, context)
        .filter((drop) => isOnlyFaster(drop, context))
        .map(({ name }) => name),
  },
  'drop-unique': {
    contracts: true,
    why: 'The previous server’s ON CONFLICT fails without the unique index, and duplicate rows become possible. The lint treats an index that no file created as unique.',
    fix: later('the constraint or index'),
    link: 'https://www.postgresql.org/docs/17/sql-insert.html#SQL-ON-CONFLICT',
    check: (node, context) => [
      ...alterations(node, context, 'AT_DropConstraint')
        .filter(({ table, name = '' }) => {
          const { kind = '', columns } = context.catalog.get('relation', table)?.constraints.get(name) ?? {};
          return /PRIMARY|UNIQUE|EXCLUSION/.test(kind) && !context.uniqueAgain(table, columns ?? []);
        })
        .map(({ target }) => target),
      ...droppedInUse(node, context)
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
    why: 'The previous server may still use the object, directly or through another object that depends on it.',
    fix: later('it'),
    link: 'https://www.postgresql.org/docs/17/ddl-depend.html',
    check: (node, context) => [
      ...droppedInUse(node, context).flatMap(({ object, name }) =>
        /table|index|policy/.test(object) ? [] : name,
      ),
      ...(context.now.release > 0 ? ofKind(as(node, 'DropOwnedStmt')?.roles, 'RoleSpec') : []).map(
        ({ rolename = '' }) => rolename,
      ),
    ],
  },
  'rename-table': {
    contracts: true,
    why: 'The previous server queries the table by its old name, and these queries fail.',
    fix: [
      "keep the name in the database, and rename only the constant in the schema: pgTable('old_name', …)",
      'or: rename the table, and create a view with its old name in the same migration (CREATE VIEW old_name AS SELECT * FROM new_name); allow the rename with that reason, and drop the view a release later',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME',
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'table' ? name : [])),
  },
  'rename-column': {
    contracts: true,
    why: 'The previous server names the column by its old name, so its queries of the table fail.',
    fix: [
      "keep the name in the database, and rename only the property in the schema: newName: text('old_name')",
      'or: add a new column, and release a server that writes both; fill the older rows outside the migration; drop the old column once no server uses it',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME',
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'column' ? name : [])),
  },
  'rename-object': {
    contracts: true,
    why: 'The previous server may use the old name in a query, in a cast or as a value.',
    fix: viaCopy('object or value'),
    link: 'https://www.postgresql.org/docs/17/sql-altertype.html',
    check: (node, context) =>
      renamed(node, context).flatMap(({ kind, name }) => (kind === 'other' || kind === 'value' ? name : [])),
  },
  'detach-partition': {
    contracts: true,
    why: 'The previous server no longer finds the rows of the partition in the table.',
    fix: later('these rows'),
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION',
    check: (node, context) => altering('AT_DetachPartition', 'AT_DropInherit')(node, context),
  },
  revoke: {
    contracts: true,
    why: 'The previous server may need the privilege. Without it, its queries fail.',
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
    why: 'The previous server’s role reads and writes only the rows that the policies allow, possibly none.',
    fix: [
      'first: create permissive policies that allow everything that the application’s role uses; enable row level security in a later release',
      'to narrow a policy: add the new policy beside the old one, and drop the old one in a later release',
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
      ...droppedInUse(node, context).flatMap(({ object, name }) => (object === 'policy' ? name : [])),
    ],
  },
} satisfies Rules;
