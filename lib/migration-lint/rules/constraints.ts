import { keptFromNull } from '../catalog';
import { as, spelled } from '../syntax-tree';
import { alterations, declared, oldTables, type Rules } from './rule';

export const constraintRules = {
  'check-constraint': {
    why: 'Every row is checked at once, while readers and writers of the table wait.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (…) NOT VALID, which holds for new rows and reads none',
      'the next release: VALIDATE CONSTRAINT …, which reads the rows and stops nobody',
    ],
    check: (node, context) => {
      const domain = as(node, 'AlterDomainStmt');
      const name = spelled(domain?.typeName);
      return [
        ...alterations(node, context, 'AT_AddConstraint', 'AT_AddColumn')
          .filter((change) =>
            change.constraint
              ? change.constraint.contype === 'CONSTR_CHECK' && !change.constraint.skip_validation
              : declared(change, 'CONSTR_CHECK'),
          )
          .map(({ target }) => target),
        ...(domain?.subtype === 'C' &&
        !as(domain.def, 'Constraint')?.skip_validation &&
        context.catalog.isOld('type', name, context.now)
          ? [name]
          : []),
      ];
    },
  },
  'foreign-key': {
    why: 'Every row is looked up in the other table at once, while writers of both tables wait.',
    fix: [
      'now: append NOT VALID, which holds for new rows and reads none; a new column without a default may instead say REFERENCES in its ADD COLUMN, where PostgreSQL knows that there is nothing to check',
      'the next release: VALIDATE CONSTRAINT …, which reads the rows and stops nobody',
    ],
    check: (node, context) =>
      alterations(node, context, 'AT_AddConstraint', 'AT_AddColumn')
        .filter((change) =>
          change.constraint
            ? change.constraint.contype === 'CONSTR_FOREIGN' && !change.constraint.skip_validation
            : declared(change, 'CONSTR_FOREIGN') && declared(change, 'CONSTR_DEFAULT'),
        )
        .map(({ target }) => target),
  },
  'unique-constraint': {
    why: 'Its index is built at once, while readers and writers of the table wait.',
    fix: [
      'build the index first, without stopping anybody: CREATE UNIQUE INDEX CONCURRENTLY (see index-not-concurrent)',
      'then: ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX …; the columns of a primary key must be NOT NULL before',
    ],
    check: (node, context) =>
      alterations(node, context, 'AT_AddConstraint', 'AT_AddColumn')
        .filter((change) =>
          change.constraint
            ? /PRIMARY|UNIQUE|EXCLUSION/.test(change.constraint.contype ?? '') && !change.constraint.indexname
            : declared(change, 'CONSTR_PRIMARY', 'CONSTR_UNIQUE'),
        )
        .map(({ target }) => target),
  },
  'not-null-check': {
    contracts: true,
    why: 'From here on the previous server’s inserts fail if they leave the column out.',
    fix: [
      'first: a release whose server always writes the column',
      'then this, allowed with that reason; VALIDATE CONSTRAINT and SET NOT NULL a release later need no further leave',
    ],
    check: (node, context) =>
      alterations(node, context, 'AT_AddConstraint')
        .filter(({ constraint, table }) => {
          const column = constraint && keptFromNull(constraint);
          return (
            column && (constraint.skip_validation || context.catalog.isOldColumn(table, column, context.now))
          );
        })
        .map(({ target }) => target),
  },
  'validate-under-lock': {
    why: 'The rows are read while the lock of an earlier statement on the table is still held, since both run in one transaction: writers wait all the same.',
    fix: [
      'leave VALIDATE CONSTRAINT to the next release, in a migration that does nothing else to the table before it',
    ],
    check: (node, context) =>
      alterations(node, context, 'AT_ValidateConstraint')
        .filter(({ table }) => context.inTransaction && context.catalog.isLocked(table, context.now))
        .map(({ target }) => target),
  },
  'attach-partition': {
    why: 'Every row of the new partition is checked against its bounds, while the partition is locked.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (the bounds) NOT VALID on it; the next release: VALIDATE CONSTRAINT …',
      'then attach it, which believes the valid check and reads nothing; allow it with that reason',
    ],
    check: (node, context) => {
      // The table that is attached matters, not the one it is attached to.
      const alter = as(node, 'AlterTableStmt');
      return oldTables(
        (alter?.cmds ?? []).flatMap((command) => {
          const { subtype, def } = as(command, 'AlterTableCmd') ?? {};
          const partition = subtype === 'AT_AttachPartition' && as(def, 'PartitionCmd')?.name;
          return partition ? [partition] : [];
        }),
        context,
      );
    },
  },
} satisfies Rules;
