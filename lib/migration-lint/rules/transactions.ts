import { as, ofKind, relationName, spelled } from '../syntax-tree';
import { newValuesIn } from './enum-values';
import type { Rules } from './rule';

const ownMigration = [
  'give it a migration of its own, the last one of its release: `npx drizzle-kit generate --custom`',
  'begin it with COMMIT; and end it with BEGIN;, and put a breakpoint after each statement: drizzle has then recorded the files before, and only this one is repeated when it fails',
];

export const transactionRules = {
  'not-in-transaction': {
    fails: true,
    why: 'PostgreSQL refuses it in a transaction, and drizzle runs all pending migrations in one: the release fails here.',
    fix: ownMigration,
    link: 'https://www.postgresql.org/docs/17/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    check: (node, { inTransaction, alone }) => {
      if (!inTransaction && alone) return [];
      const index = as(node, 'IndexStmt');
      const drop = as(node, 'DropStmt');
      const reindex = as(node, 'ReindexStmt');
      const vacuum = as(node, 'VacuumStmt');
      const commands = ofKind(as(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
      return [
        ...(index?.concurrent ? [index.idxname ?? relationName(index.relation)] : []),
        ...(drop?.concurrent ? (drop.objects ?? []).map((object) => spelled(as(object, 'List')?.items)) : []),
        ...(ofKind(reindex?.params, 'DefElem').some(({ defname }) => defname === 'concurrently')
          ? [reindex?.name ?? relationName(reindex?.relation)]
          : []),
        ...(vacuum?.is_vacuumcmd ? ['VACUUM'] : []),
        ...(commands.some(
          ({ subtype, def }) => subtype === 'AT_DetachPartition' && as(def, 'PartitionCmd')?.concurrent,
        )
          ? ['DETACH PARTITION CONCURRENTLY']
          : []),
        ...(['CreatedbStmt', 'DropdbStmt', 'AlterSystemStmt'] as const).filter((kind) => as(node, kind)),
      ];
    },
  },
  'transaction-control': {
    why: 'Drizzle’s transaction ends in the middle of a file: a failure after it leaves the file half applied, and the next try begins it anew.',
    fix: [
      'leave transactions to drizzle',
      'or, for what cannot run in one: COMMIT; as the first statement of the file, BEGIN; as a later one, each between breakpoints',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-commit.html',
    check: (node, { endsItRight }) => {
      const { kind } = as(node, 'TransactionStmt') ?? {};
      return kind && !endsItRight ? [kind.replace('TRANS_STMT_', '')] : [];
    },
  },
  'enum-value-used': {
    fails: true,
    why: 'PostgreSQL refuses a new value of an enum until the transaction that added it is over, and drizzle runs all pending migrations in one: the release fails here.',
    fix: ['use the value (in a default, a check, a row) in a migration of the next release'],
    link: 'https://www.postgresql.org/docs/17/sql-altertype.html#SQL-ALTERTYPE-NOTES',
    check: (node, context) => (context.inTransaction ? newValuesIn(node, context) : []),
  },
} satisfies Rules;
