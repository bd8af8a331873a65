import { as, ofKind, qualified, relationName } from '../syntax-tree';
import { altering, oldTables, type Rules, relationsOf } from './rule';
import { rebuilt } from './types';

const offline = [
  'run the statement outside a migration, while the application may stand still, or leave the work to autovacuum',
];

export const lockRules = {
  'index-not-concurrent': {
    why: 'Writers of the table wait until PostgreSQL has built the index, and then until the whole migration has ended.',
    fix: [
      'create a migration for the index alone, the last one of its release: `npx drizzle-kit generate --custom`',
      'write into it, with a breakpoint after each statement: COMMIT; · DROP INDEX CONCURRENTLY IF EXISTS …; · CREATE INDEX CONCURRENTLY …; · BEGIN;',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    check: (node, context) => {
      const index = as(node, 'IndexStmt');
      // `ON ONLY` a partitioned table builds nothing. `IF NOT EXISTS` builds nothing if the index exists.
      const isThere = index?.if_not_exists && index.idxname && context.catalog.indexNamed(index.idxname);
      return index && !index.concurrent && !isThere && index.relation?.inh
        ? oldTables([index.relation], context)
        : [];
    },
  },
  'lock-table': {
    why: 'The migration holds the lock until it has ended, and the running server waits for the lock.',
    fix: ['remove the statement: every other statement takes the lock that it needs'],
    link: 'https://www.postgresql.org/docs/17/explicit-locking.html#LOCKING-TABLES',
    check: (node, context) =>
      relationsOf(node, 'LockStmt', context, ({ relations }) => ofKind(relations, 'RangeVar')),
  },
  'rewrite-table': {
    why: 'PostgreSQL rewrites or rereads the table or its indexes, while the running server waits.',
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
    why: 'Readers of the view wait until PostgreSQL has filled it again.',
    fix: ['use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view'],
    link: 'https://www.postgresql.org/docs/17/sql-refreshmaterializedview.html',
    check: (node, context) => {
      const { catalog, now } = context;
      const refresh = as(node, 'RefreshMatViewStmt');
      const create = as(node, 'CreateTableAsStmt');
      const name = relationName(create?.into?.rel);
      const gone =
        create?.objtype === 'OBJECT_MATVIEW' ? catalog.droppedIn('relation', name, now)?.known : undefined;
      return [
        ...(refresh && !refresh.concurrent && !refresh.skipData
          ? oldTables([refresh.relation], context)
          : []),
        ...(gone && gone.release < now.release ? [name] : []),
      ];
    },
  },
  'invalid-index': {
    why: 'A concurrent build that fails leaves an invalid index. With IF NOT EXISTS, the next attempt keeps the invalid index and builds none.',
    fix: [
      'put DROP INDEX CONCURRENTLY IF EXISTS … into a statement before this one, and remove IF NOT EXISTS',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    check: (node, { catalog, now }) => {
      const index = as(node, 'IndexStmt');
      const name = qualified(index?.relation?.schemaname, index?.idxname);
      return index?.concurrent && index.if_not_exists && !catalog.droppedIn('relation', name, now)
        ? [index.idxname ?? relationName(index.relation)]
        : [];
    },
  },
} satisfies Rules;
