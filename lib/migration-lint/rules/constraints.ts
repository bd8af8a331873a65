import { keptFromNull } from '../catalog/known';
import { as, ofKind, relationName, spelled } from '../syntax-tree';
import { alterations, declared, oldTables, type Rules } from './rule';

export const constraintRules = {
  'check-constraint': {
    why: 'Every row is checked at once, while readers and writers of the table wait.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (…) NOT VALID, which holds for new rows and reads none',
      'the next release: VALIDATE CONSTRAINT …, which reads the rows and stops nobody',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
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
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-NOTES',
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
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX',
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
    link: 'https://www.postgresql.org/docs/17/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS',
    check: (node, context) =>
      alterations(node, context, 'AT_AddConstraint')
        .filter(({ constraint, table }) =>
          (constraint ? keptFromNull(constraint) : []).some(
            (column) =>
              !context.catalog.get('relation', table)?.columns.get(column)?.notNull &&
              (constraint!.skip_validation || context.catalog.isOldColumn(table, column, context.now)),
          ),
        )
        .map(({ target }) => target),
  },
  'validate-under-lock': {
    why: 'The rows are read while the lock of an earlier statement on the table is still held, since both run in one transaction: writers wait all the same.',
    fix: [
      'leave VALIDATE CONSTRAINT to the next release, in a migration that does nothing else to the table before it',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT',
    check: (node, context) =>
      alterations(node, context, 'AT_ValidateConstraint')
        .filter(({ table }) => context.inTransaction && context.catalog.isLocked(table, context.now))
        .map(({ target }) => target),
  },
  'attach-partition': {
    why: 'Every row of the new partition is checked against its bounds, and every row of a default partition against being one of it, while both are locked.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (the bounds) NOT VALID on it, and CHECK (NOT the bounds) NOT VALID on a default partition; the next release: VALIDATE CONSTRAINT …',
      'then attach it, which believes the valid checks and reads nothing; allow it with that reason',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION',
    check: (node, context) => {
      // The table that is attached matters, and the one that had its rows until now.
      const alter = as(node, 'AlterTableStmt');
      const create = as(node, 'CreateStmt');
      const attached = ofKind(alter?.cmds, 'AlterTableCmd').flatMap(({ subtype, def }) =>
        subtype === 'AT_AttachPartition' ? (as(def, 'PartitionCmd') ?? []) : [],
      );
      const parents = [
        ...(attached.length > 0 ? [alter?.relation] : []),
        ...(create?.partbound && !create.partbound.is_default ? ofKind(create.inhRelations, 'RangeVar') : []),
      ];
      const { catalog, now } = context;
      return [
        ...oldTables(
          attached.map(({ name }) => name),
          context,
        ),
        ...parents
          .flatMap((parent) => catalog.get('relation', relationName(parent))?.defaultPartition ?? [])
          .filter((name) => catalog.isOld('relation', name, now)),
      ];
    },
  },
} satisfies Rules;
