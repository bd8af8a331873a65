import { as, ofKind, qualified, relationName } from '../syntax-tree';
import { altering, oldTables, type Rules, relationsOf } from './rule';
import { rebuilt } from './types';

const offline = [
  'do it outside a migration, at a time when the application may stand still, or leave it to autovacuum',
];

export const lockRules = {
  'index-not-concurrent': {
    why: 'Writers of the table wait until the index is built, and then until the whole migration is through.',
    fix: [
      'give the index a migration of its own, the last one of its release: `npx drizzle-kit generate --custom`',
      'in it, with a breakpoint after each: COMMIT; · DROP INDEX CONCURRENTLY IF EXISTS …; · CREATE INDEX CONCURRENTLY …; · BEGIN;',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    check: (node, context) => {
      const index = as(node, 'IndexStmt');
      // ON ONLY a partitioned table builds nothing, nor does IF NOT EXISTS where the index is there.
      const isThere = index?.if_not_exists && index.idxname && context.catalog.indexNamed(index.idxname);
      return index && !index.concurrent && !isThere && index.relation?.inh
        ? oldTables([index.relation], context)
        : [];
    },
  },
  'lock-table': {
    why: 'The lock is held until the whole migration is through, and the running server waits for it.',
    fix: ['leave it out: each statement takes the lock it needs'],
    link: 'https://www.postgresql.org/docs/17/explicit-locking.html#LOCKING-TABLES',
    check: (node, context) =>
      relationsOf(node, 'LockStmt', context, ({ relations }) => ofKind(relations, 'RangeVar')),
  },
  'rewrite-table': {
    why: 'The table or its indexes are written or read again while the running server waits.',
    fix: offline,
    link: 'https://www.postgresql.org/docs/17/explicit-locking.html#LOCKING-TABLES',
    check: (node, context) => {
      if (context.now.release === 0) return [];
      const reindex = as(node, 'ReindexStmt');
      const cluster = as(node, 'ClusterStmt');
      const whole = (reindex && !reindex.relation) || (cluster && !cluster.relation);
      return [
        ...oldTables(
          [reindex?.relation, cluster?.relation].flatMap((relation) => relation ?? []),
          context,
        ),
        ...(whole ? [reindex?.name ?? 'the database'] : []),
        ...altering(
          'AT_SetTableSpace',
          'AT_SetLogged',
          'AT_SetUnLogged',
          'AT_SetAccessMethod',
        )(node, context),
        ...rebuilt(node, context),
        ...(as(node, 'AlterTableMoveAllStmt') ? ['all tables'] : []),
      ];
    },
  },
  'refresh-view': {
    why: 'Readers of the view wait until it is filled again.',
    fix: ['REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view'],
    link: 'https://www.postgresql.org/docs/17/sql-refreshmaterializedview.html',
    check: (node, context) => {
      const { catalog, now } = context;
      const refresh = as(node, 'RefreshMatViewStmt');
      const create = as(node, 'CreateTableAsStmt');
      const name = relationName(create?.into?.rel);
      const gone =
        create?.objtype === 'OBJECT_MATVIEW' ? catalog.goneIn('relation', name, now)?.known : undefined;
      return [
        ...(refresh && !refresh.concurrent && !refresh.skipData
          ? oldTables([refresh.relation], context)
          : []),
        ...(gone && gone.release < now.release ? [name] : []),
      ];
    },
  },
  'invalid-index': {
    why: 'A concurrent build that failed leaves an invalid index behind, and IF NOT EXISTS then takes it for the real one.',
    fix: ['DROP INDEX CONCURRENTLY IF EXISTS … in a statement before it, and no IF NOT EXISTS'],
    link: 'https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    check: (node, { catalog, now }) => {
      const index = as(node, 'IndexStmt');
      const name = qualified(index?.relation?.schemaname, index?.idxname);
      return index?.concurrent && index.if_not_exists && !catalog.goneIn('relation', name, now)
        ? [index.idxname ?? relationName(index.relation)]
        : [];
    },
  },
} satisfies Rules;
