import { as, ofKind, relationName, spelled } from '../syntax-tree';
import { newValuesIn } from './enum-values';
import type { Rules } from './rule';

const ownMigration = [
  'create a migration for this statement alone, the last one of its release: `npx drizzle-kit generate --custom`',
  'begin the file with COMMIT; and end it with BEGIN;, and put a breakpoint after each statement; drizzle then records the earlier files first, so a failure repeats only this file',
];

export const transactionRules = {
  'not-in-transaction': {
    fails: true,
    why: 'PostgreSQL refuses the statement in a transaction, and drizzle runs all pending migrations in one transaction. The release fails here.',
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
    why: 'The file ends drizzle’s transaction in its middle. If a later statement fails, the file stays half applied, and the next attempt starts it from the beginning.',
    fix: [
      'leave transactions to drizzle',
      'or, for a statement that cannot run in a transaction: put COMMIT; first in the file and BEGIN; after that statement, each between breakpoints',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-commit.html',
    check: (node, { endsItRight }) => {
      const { kind } = as(node, 'TransactionStmt') ?? {};
      return kind && !endsItRight ? [kind.replace('TRANS_STMT_', '')] : [];
    },
  },
  'enum-value-used': {
    fails: true,
    why: 'PostgreSQL refuses a new enum value until the transaction that added it has ended. Drizzle runs all pending migrations in one transaction, so the release fails here.',
    fix: ['use the value (in a default, a check or a row) in a migration of the next release'],
    link: 'https://www.postgresql.org/docs/17/sql-altertype.html#SQL-ALTERTYPE-NOTES',
    check: (node, context) => (context.inTransaction ? newValuesIn(node, context) : []),
  },
} satisfies Rules;
