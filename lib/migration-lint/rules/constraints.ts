import { keptFromNull } from '../catalog/known-object';
import { as, ofKind, relationName, spelled } from '../syntax-tree';
import { alterations, declared, oldTables, type Rules } from './rule';

export const constraintRules = {
  'check-constraint': {
    why: 'PostgreSQL checks every row immediately, while readers and writers of the table wait.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (…) NOT VALID, which checks new rows and reads no existing ones',
      'the next release: VALIDATE CONSTRAINT …, which reads the rows and blocks neither readers nor writers',
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
    why: 'PostgreSQL looks up every row in the referenced table immediately, while writers of both tables wait.',
    fix: [
      'now: append NOT VALID, which checks new rows and reads no existing ones; for a new column without a default, write REFERENCES in its ADD COLUMN instead, because PostgreSQL then has nothing to check',
      'the next release: VALIDATE CONSTRAINT …, which reads the rows and blocks neither readers nor writers',
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
    why: 'PostgreSQL builds the index of the constraint immediately, while readers and writers of the table wait.',
    fix: [
      'first: build the index without blocking anyone: CREATE UNIQUE INDEX CONCURRENTLY (see index-not-concurrent)',
      'then: ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX …; before a primary key, make its columns NOT NULL',
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
    why: 'Once the check exists, the previous server’s inserts fail if they omit the column.',
    fix: [
      'first: release a server that always writes the column',
      'then: add the check, and allow it with that reason; VALIDATE CONSTRAINT and SET NOT NULL in a later release need no further allow comment',
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
    why: 'PostgreSQL reads the rows while an earlier statement of the same transaction still holds its lock on the table. Writers therefore wait, although VALIDATE CONSTRAINT alone would not block them.',
    fix: [
      'move VALIDATE CONSTRAINT to the next release, into a migration in which no earlier statement changes the table',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT',
    check: (node, context) =>
      alterations(node, context, 'AT_ValidateConstraint')
        .filter(({ table }) => context.inTransaction && context.catalog.isLocked(table, context.now))
        .map(({ target }) => target),
  },
  'attach-partition': {
    why: 'PostgreSQL checks every row of the new partition against its bounds. It also checks that no row of a default partition belongs to the new one. Both partitions are locked during the checks.',
    fix: [
      'now: ADD CONSTRAINT … CHECK (the bounds) NOT VALID on the new partition, and CHECK (NOT the bounds) NOT VALID on a default partition; the next release: VALIDATE CONSTRAINT …',
      'then: attach the partition, and allow it with that reason; PostgreSQL reads no rows, because the validated checks prove the bounds',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION',
    check: (node, context) => {
      // Two tables are scanned: the attached one, and the default partition, which held the rows of the new one until
      // now.
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
