import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query';
import { as, ofKind, qualified, relationName, spelled, within } from '../syntax-tree';
import { definitionOf } from './definitions';
import {
  columnOf,
  constraintName,
  constraintOf,
  indexName,
  indexOf,
  isIdentity,
  isValue,
  type KnownIndex,
  type KnownObject,
  type Moment,
  typeText,
  unknown,
} from './known-object';
import { created, dropped, isSteadyRoutine, type Kind } from './named-objects';

/**
 * The objects that all files up to a statement create, and the release that created each. The database may contain
 * objects that no file mentions.
 */
export class Catalog {
  private readonly known = new Map<string, KnownObject>();
  private readonly lockedIn = new Map<string, number>();
  private readonly addedValues = new Map<string, { readonly type: string; readonly transaction: number }>();
  private readonly constrainedDomains = new Set<string>();
  private readonly tableOfIndex = new Map<string, string>();
  private readonly gone = new Map<string, DroppedObject>();
  private readonly users = new Map<string, Set<string>>();

  get(kind: Kind, name: string): KnownObject | undefined {
    return this.known.get(`${kind}:${name}`);
  }

  /** Returns true if the running server may use the object. The first release meets an empty database. */
  isOld(kind: Kind, name: string, now: Moment): boolean {
    return now.release > 0 && (this.get(kind, name)?.release ?? -1) < now.release;
  }

  isOldColumn(table: string, column: string, now: Moment): boolean {
    return (this.get('relation', table)?.columns.get(column)?.release ?? -1) < now.release;
  }

  /** Returns true if the files created the table without this column. */
  isNoColumn(table: string, column: string): boolean {
    const known = this.get('relation', table);
    return known?.isWhole === true && !known.columns.has(column);
  }

  /** Returns the object that this release dropped and has not created again so far. */
  droppedIn(kind: Kind, name: string, now: Moment): DroppedObject | undefined {
    const gone = this.gone.get(`${kind}:${name}`);
    return gone?.release === now.release ? gone : undefined;
  }

  /** Returns true if the current transaction still holds a lock on the table that blocks writers. */
  isLocked(table: string, now: Moment): boolean {
    return this.lockedIn.get(table) === now.transaction;
  }

  /** Returns the enum to which the current transaction added a value. */
  enumOfNewValue(value: string, now: Moment): string | undefined {
    const added = this.addedValues.get(value);
    return added?.transaction === now.transaction ? added.type : undefined;
  }

  isConstrainedDomain(type: string): boolean {
    return this.constrainedDomains.has(type);
  }

  /** Returns the index of a name, with its table. */
  indexNamed(name: string): { readonly table: string; readonly index: KnownIndex } | undefined {
    const own = name.split('.').at(-1)!;
    const table = this.tableOfIndex.get(own);
    const index = table === undefined ? undefined : this.get('relation', table)?.indexes.get(own);
    return index && { table: table!, index };
  }

  /** Returns the views and triggers that depend on an object: a relation, one of its columns, or a function. */
  usersOf(object: string, column?: string): string[] {
    return [...(this.users.get(object) ?? [])].filter((name) => {
      const { uses } = this.get('relation', name) ?? this.get('attached', name) ?? {};
      return (
        uses?.objects.includes(object) &&
        (!column || uses.columns.includes(column) || uses.columns.includes('*'))
      );
    });
  }

  apply(node: Node, now: Moment): void {
    const create = as(node, 'CreateStmt');
    if (create) this.createTable(create, now);
    for (const { kind, name } of created(node)) this.add(kind, name, now);
    this.define(node);
    const index = as(node, 'IndexStmt');
    if (index) this.addIndex(relationName(index.relation), indexName(index), indexOf(index));
    const alter = as(node, 'AlterTableStmt');
    if (alter) this.alterTable(alter, now);
    const trigger = as(node, 'CreateTrigStmt');
    if (trigger) this.lockedIn.set(relationName(trigger.relation), now.transaction);
    const domain = as(node, 'CreateDomainStmt');
    if (domain?.constraints?.length) this.constrainedDomains.add(spelled(domain.domainname));
    const value = as(node, 'AlterEnumStmt');
    const type = spelled(value?.typeName);
    if (value?.newVal && !value.oldVal && this.get('type', type)?.release !== now.release)
      this.addedValues.set(value.newVal, { type, transaction: now.transaction });
    this.rename(node);
    for (const { kind, name, object, ifExists } of dropped(node)) {
      const known = this.get(kind, name);
      this.known.delete(`${kind}:${name}`);
      this.gone.set(`${kind}:${name}`, { release: now.release, known, ifExists });
      const found = object === 'index' ? this.indexNamed(name) : undefined;
      if (found) this.get('relation', found.table)?.indexes.delete(name.split('.').at(-1)!);
    }
  }

  private add(kind: Kind, name: string, { release }: Moment): KnownObject {
    const known = this.get(kind, name) ?? unknown(release);
    this.known.set(`${kind}:${name}`, known);
    this.gone.delete(`${kind}:${name}`);
    return known;
  }

  /** Returns the facts about a table. The table may be older than all files. */
  private table(name: string): KnownObject {
    return this.add('relation', name, { release: -1, transaction: 0 });
  }

  private addIndex(table: string, name: string, index: KnownIndex): void {
    const { indexes } = this.table(table);
    if (indexes.has(name)) return;
    indexes.set(name, index);
    this.tableOfIndex.set(name, table);
  }

  private define(node: Node): void {
    const definition = definitionOf(node);
    if (!definition) return;
    const known = this.get(definition.kind, definition.name)!;
    known.definitions.set(definition.variant, node);
    if (definition.uses) known.uses = definition.uses;
    for (const object of definition.uses?.objects ?? [])
      this.users.set(object, (this.users.get(object) ?? new Set()).add(definition.name));
    const routine = as(node, 'CreateFunctionStmt');
    if (routine) known.isSteady = isSteadyRoutine(routine);
  }

  private createTable(statement: CreateStmt, now: Moment): void {
    const { relation, tableElts, partbound, inhRelations } = statement;
    const name = relationName(relation);
    // IF NOT EXISTS changes nothing about a known object.
    if (this.get('relation', name)) return;
    const known = this.add('relation', name, now);
    known.isWhole = within(tableElts, 'TableLikeClause').length === 0 && !inhRelations?.length;
    for (const column of ofKind(tableElts, 'ColumnDef')) this.addColumn(name, column, now);
    for (const constraint of ofKind(tableElts, 'Constraint')) this.addConstraint(name, constraint, now);
    if (partbound?.is_default)
      for (const parent of ofKind(inhRelations, 'RangeVar'))
        this.table(relationName(parent)).defaultPartition = name;
  }

  private addColumn(table: string, column: ColumnDef, now: Moment): void {
    const name = column.colname ?? '';
    const known = columnOf(column, now.release);
    this.table(table).columns.set(name, known);
    if (known.hasDefault && (/serial\d?$/.test(known.type) || isIdentity(column)))
      this.add('relation', `${table}_${name}_seq`, now);
    for (const constraint of ofKind(column.constraints, 'Constraint'))
      this.addConstraint(table, constraint, now, name);
  }

  private addConstraint(table: string, constraint: Constraint, now: Moment, column?: string): void {
    const { contype, conname, indexname } = constraint;
    const known = this.table(table);
    const own = constraintOf(constraint, now, column);
    const columns = indexname ? (known.indexes.get(indexname)?.columns ?? []) : own.columns;
    const name = conname ?? indexname ?? constraintName(table, constraint, own);
    known.constraints.set(name, { ...own, columns });
    // The constraint takes over the index and renames it.
    if (indexname) known.indexes.delete(indexname);
    if (contype === 'CONSTR_PRIMARY')
      for (const part of columns) this.changeColumn(table, part, { notNull: true });
  }

  private changeColumn(table: string, name: string, change: object): void {
    const columns = this.get('relation', table)?.columns;
    const old = columns?.get(name);
    if (old) columns!.set(name, { ...old, ...change });
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
    const partition = as(def, 'PartitionCmd');
    switch (subtype) {
      case 'AT_AddColumn':
        if (column && !known?.columns.has(column.colname ?? '')) this.addColumn(table, column, now);
        break;
      case 'AT_DropColumn':
        known?.columns.delete(name);
        for (const part of [known?.indexes, known?.constraints])
          for (const [key, { columns, mentions }] of part ?? [])
            if (columns.includes(name) || mentions.includes(name)) part!.delete(key);
        break;
      case 'AT_AlterColumnType':
        this.changeColumn(table, name, { type: typeText(column?.typeName) });
        break;
      case 'AT_SetNotNull':
        this.changeColumn(table, name, { notNull: true });
        break;
      case 'AT_DropNotNull':
        this.changeColumn(table, name, { notNull: false });
        break;
      case 'AT_ColumnDefault':
        this.changeColumn(table, name, { hasDefault: isValue(def) });
        break;
      case 'AT_AddIdentity':
        this.add('relation', `${table}_${name}_seq`, now);
        this.changeColumn(table, name, { hasDefault: true });
        break;
      case 'AT_AddConstraint':
        if (constraint) this.addConstraint(table, constraint, now);
        break;
      case 'AT_DropConstraint':
        known?.constraints.delete(name);
        break;
      case 'AT_AttachPartition':
        if (partition?.bound?.is_default && partition.name)
          this.table(table).defaultPartition = relationName(partition.name);
        break;
      case 'AT_ValidateConstraint': {
        const validated = known?.constraints.get(name);
        if (validated) known!.constraints.set(name, { ...validated, valid: true });
      }
    }
  }

  private rename(node: Node): void {
    const { renameType, relation, subname = '', newname = '' } = as(node, 'RenameStmt') ?? {};
    const table = relationName(relation);
    if (renameType === 'OBJECT_INDEX') {
      const found = this.indexNamed(table);
      if (!found) return;
      move(this.get('relation', found.table)?.indexes, table, newname);
      this.tableOfIndex.set(newname, found.table);
      move(this.known, `relation:${table}`, `relation:${newname}`);
      return;
    }
    const known = this.get('relation', table);
    if (!known) return;
    if (/TABLE|VIEW|SEQUENCE/.test(renameType ?? '')) {
      const renamed = qualified(relation?.schemaname, newname);
      move(this.known, `relation:${table}`, `relation:${renamed}`);
      for (const index of known.indexes.keys()) this.tableOfIndex.set(index, renamed);
    } else if (renameType === 'OBJECT_TABCONSTRAINT') move(known.constraints, subname, newname);
    else if (renameType === 'OBJECT_COLUMN') renameColumn(known, subname, newname);
  }
}

function renameColumn({ columns, constraints, indexes }: KnownObject, from: string, to: string): void {
  move(columns, from, to);
  const rename = (names: readonly string[]) => names.map((name) => (name === from ? to : name));
  for (const [key, index] of indexes)
    indexes.set(key, { ...index, columns: rename(index.columns), mentions: rename(index.mentions) });
  for (const [key, constraint] of constraints)
    constraints.set(key, {
      ...constraint,
      columns: rename(constraint.columns),
      mentions: rename(constraint.mentions),
      notNull: rename(constraint.notNull),
    });
}

function move<T>(map: Map<string, T> | undefined, from: string, to: string): void {
  const found = map?.get(from);
  if (!found) return;
  map!.delete(from);
  map!.set(to, found);
}

/** An object that a release dropped. */
interface DroppedObject {
  readonly release: number;
  readonly known: KnownObject | undefined;
  readonly ifExists: boolean;
}
