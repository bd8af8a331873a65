import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  Constraint,
  CreateStmt,
  Node,
  TypeName,
} from 'libpg-query';
import { as, ofKind, qualified, relationName, spelled, within } from './syntax-tree';

/** When something came about: the release that brought it, and the transaction it was made in. */
export interface Moment {
  readonly release: number;
  readonly transaction: number;
}

export interface KnownConstraint {
  readonly kind: Constraint['contype'];
  readonly columns: readonly string[];
  /** The column that a check keeps from being null. */
  readonly notNull?: string;
  readonly valid: boolean;
  readonly moment: Moment;
}

interface Column {
  readonly type: string;
  readonly release: number;
}

interface Known {
  readonly release: number;
  readonly columns: Map<string, Column>;
  readonly constraints: Map<string, KnownConstraint>;
}

export type Kind = 'relation' | 'type' | 'routine' | 'schema' | 'attached' | 'other';

/** What the files up to a statement say is there, and since when. What they do not mention may be there too. */
export class Catalog {
  private readonly known = new Map<string, Known>();
  private readonly lockedIn = new Map<string, number>();
  private readonly addedValues = new Map<string, number>();
  private readonly constrainedDomains = new Set<string>();

  get(kind: Kind, name: string): Known | undefined {
    return this.known.get(`${kind}:${name}`);
  }

  /** Whether the server that runs now may use it. The first release meets an empty database. */
  isOld(kind: Kind, name: string, now: Moment): boolean {
    return now.release > 0 && (this.get(kind, name)?.release ?? -1) < now.release;
  }

  isOldColumn(table: string, column: string, now: Moment): boolean {
    return (this.get('relation', table)?.columns.get(column)?.release ?? -1) < now.release;
  }

  /** Whether a lock that stops writers is still held on the table, for its transaction is under way. */
  isLocked(table: string, now: Moment): boolean {
    return this.lockedIn.get(table) === now.transaction;
  }

  isValueOfThisTransaction(value: string, now: Moment): boolean {
    return this.addedValues.get(value) === now.transaction;
  }

  isConstrainedDomain(type: string): boolean {
    return this.constrainedDomains.has(type);
  }

  apply(node: Node, now: Moment): void {
    const create = as(node, 'CreateStmt');
    if (create) this.createTable(create, now);
    for (const [kind, name] of created(node)) this.add(kind, name, now);
    const index = as(node, 'IndexStmt');
    if (index?.idxname) {
      this.add('relation', qualified(index.relation?.schemaname, index.idxname), now);
      const columns = ofKind(index.indexParams, 'IndexElem').flatMap(({ name }) => name ?? []);
      if (index.unique && !index.whereClause && columns.length === index.indexParams?.length)
        this.get('relation', relationName(index.relation))?.constraints.set(`index ${index.idxname}`, {
          kind: 'CONSTR_UNIQUE',
          columns,
          valid: true,
          moment: now,
        });
    }
    const alter = as(node, 'AlterTableStmt');
    if (alter) this.alterTable(alter, now);
    const trigger = as(node, 'CreateTrigStmt');
    if (trigger) this.lockedIn.set(relationName(trigger.relation), now.transaction);
    const domain = as(node, 'CreateDomainStmt');
    if (domain?.constraints?.length) this.constrainedDomains.add(spelled(domain.domainname));
    const value = as(node, 'AlterEnumStmt');
    if (value?.newVal && !value.oldVal && this.get('type', spelled(value.typeName))?.release !== now.release)
      this.addedValues.set(value.newVal, now.transaction);
    this.rename(node);
    for (const { kind, name } of dropped(node)) this.known.delete(`${kind}:${name}`);
  }

  private add(kind: Kind, name: string, { release }: Moment): Known {
    const known = this.get(kind, name) ?? { release, columns: new Map(), constraints: new Map() };
    this.known.set(`${kind}:${name}`, known);
    return known;
  }

  private createTable({ relation, tableElts }: CreateStmt, now: Moment): void {
    const name = relationName(relation);
    // IF NOT EXISTS leaves what is known as it is.
    if (this.get('relation', name)) return;
    this.add('relation', name, now);
    for (const column of ofKind(tableElts, 'ColumnDef')) this.addColumn(name, column, now);
    for (const constraint of ofKind(tableElts, 'Constraint')) this.addConstraint(name, constraint, now);
  }

  private addColumn(table: string, column: ColumnDef, now: Moment): void {
    const name = column.colname ?? '';
    const { columns } = this.add('relation', table, { ...now, release: -1 });
    columns.set(name, { type: typeText(column.typeName), release: now.release });
    for (const constraint of ofKind(column.constraints, 'Constraint'))
      this.addConstraint(table, constraint, now, name);
  }

  private addConstraint(table: string, constraint: Constraint, now: Moment, column?: string): void {
    const { contype, conname, indexname, skip_validation } = constraint;
    const columns = column ? [column] : ofKind(constraint.keys, 'String').map(({ sval }) => sval ?? '');
    const base = table.split('.').at(-1);
    const usual = contype === 'CONSTR_PRIMARY' ? `${base}_pkey` : [base, ...columns, 'key'].join('_');
    const notNull = keptFromNull(constraint);
    this.add('relation', table, { ...now, release: -1 }).constraints.set(conname ?? indexname ?? usual, {
      kind: contype,
      columns,
      valid: !skip_validation,
      moment: now,
      ...(notNull && { notNull }),
    });
  }

  private alterTable({ relation, cmds }: AlterTableStmt, now: Moment): void {
    const table = relationName(relation);
    const commands = ofKind(cmds, 'AlterTableCmd');
    for (const command of commands) this.alter(table, command, now);
    if (commands.some(({ subtype }) => subtype !== 'AT_ValidateConstraint'))
      this.lockedIn.set(table, now.transaction);
  }

  private alter(table: string, { subtype, name = '', def }: AlterTableCmd, now: Moment): void {
    const known = this.get('relation', table);
    const column = as(def, 'ColumnDef');
    const constraint = as(def, 'Constraint');
    const old = known?.columns.get(name);
    if (subtype === 'AT_AddColumn' && column && !known?.columns.has(column.colname ?? ''))
      this.addColumn(table, column, now);
    if (subtype === 'AT_DropColumn') known?.columns.delete(name);
    if (subtype === 'AT_AlterColumnType' && old)
      known?.columns.set(name, { ...old, type: typeText(column?.typeName) });
    if (subtype === 'AT_AddConstraint' && constraint) this.addConstraint(table, constraint, now);
    if (subtype === 'AT_DropConstraint') known?.constraints.delete(name);
    const validated = known?.constraints.get(name);
    if (subtype === 'AT_ValidateConstraint' && validated)
      known?.constraints.set(name, { ...validated, valid: true });
  }

  private rename(node: Node): void {
    const { renameType, relation, subname = '', newname = '' } = as(node, 'RenameStmt') ?? {};
    const table = relationName(relation);
    const known = this.get('relation', table);
    if (!known) return;
    const column = known.columns.get(subname);
    if (renameType === 'OBJECT_TABLE') {
      this.known.delete(`relation:${table}`);
      this.known.set(`relation:${qualified(relation?.schemaname, newname)}`, known);
    } else if (renameType === 'OBJECT_COLUMN' && column) {
      known.columns.delete(subname);
      known.columns.set(newname, column);
    }
  }
}

/** `varchar(40)`, as PostgreSQL names the type. */
export function typeText(type: TypeName | undefined): string {
  const names = ofKind(type?.names, 'String').map(({ sval }) => sval ?? '');
  const modifiers = within(type?.typmods, 'A_Const').map(({ ival }) => ival?.ival ?? 0);
  const name = names.filter((part) => part !== 'pg_catalog').join('.');
  return `${name}${modifiers.length ? `(${modifiers.join(',')})` : ''}${'[]'.repeat(type?.arrayBounds?.length ?? 0)}`;
}

/** The column of `CHECK (column IS NOT NULL)`. */
export function keptFromNull({ contype, raw_expr }: Constraint): string | undefined {
  const test = contype === 'CONSTR_CHECK' ? as(raw_expr, 'NullTest') : undefined;
  return test?.nulltesttype === 'IS_NOT_NULL'
    ? ofKind(as(test.arg, 'ColumnRef')?.fields, 'String').at(-1)?.sval
    : undefined;
}

/** What a statement makes anew, tables and indexes aside. */
function created(node: Node): [Kind, string][] {
  const relation =
    as(node, 'ViewStmt')?.view ??
    as(node, 'CreateTableAsStmt')?.into?.rel ??
    as(node, 'CreateSeqStmt')?.sequence ??
    as(node, 'CompositeTypeStmt')?.typevar;
  const type =
    as(node, 'CreateEnumStmt')?.typeName ??
    as(node, 'CreateRangeStmt')?.typeName ??
    as(node, 'CreateDomainStmt')?.domainname;
  const routine = as(node, 'CreateFunctionStmt')?.funcname;
  const schema = as(node, 'CreateSchemaStmt')?.schemaname;
  const trigger = as(node, 'CreateTrigStmt');
  const policy = as(node, 'CreatePolicyStmt');
  return [
    ...(relation ? [['relation', relationName(relation)] as [Kind, string]] : []),
    ...(type ? [['type', spelled(type)] as [Kind, string]] : []),
    ...(routine ? [['routine', spelled(routine)] as [Kind, string]] : []),
    ...(schema ? [['schema', schema] as [Kind, string]] : []),
    ...(trigger
      ? [['attached', `${relationName(trigger.relation)}.${trigger.trigname}`] as [Kind, string]]
      : []),
    ...(policy
      ? [['attached', `${relationName(policy.table)}.${policy.policy_name}`] as [Kind, string]]
      : []),
  ];
}

const kinds: Readonly<Record<string, Kind>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_INDEX: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_FUNCTION: 'routine',
  OBJECT_PROCEDURE: 'routine',
  OBJECT_ROUTINE: 'routine',
  OBJECT_AGGREGATE: 'routine',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TRIGGER: 'attached',
  OBJECT_POLICY: 'attached',
  OBJECT_RULE: 'attached',
};

/** What a `DROP` takes away. */
export function dropped(node: Node): { kind: Kind; name: string; object: string; ifExists: boolean }[] {
  const { objects, removeType = 'OBJECT_ACCESS_METHOD', missing_ok = false } = as(node, 'DropStmt') ?? {};
  return (objects ?? []).map((object) => ({
    kind: kinds[removeType] ?? 'other',
    name: spelled(
      as(object, 'List')?.items ??
        as(object, 'TypeName')?.names ??
        as(object, 'ObjectWithArgs')?.objname ?? [object],
    ),
    object: removeType.replace('OBJECT_', '').toLowerCase(),
    ifExists: missing_ok,
  }));
}
