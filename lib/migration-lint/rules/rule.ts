import type {
  AlterTableCmd,
  AlterTableType,
  ColumnDef,
  Constraint,
  ConstrType,
  Node,
  RangeVar,
} from 'libpg-query';
import type { Catalog } from '../catalog/catalog';
import type { Moment } from '../catalog/known-object';
import type { Kind } from '../catalog/named-objects';
import { as, type NodeName, type NodeOf, ofKind, relationName, within } from '../syntax-tree';

/** The position of a statement: its file, its transaction, and the schema before the statement. */
export interface Context {
  /** The schema after all earlier statements. */
  readonly catalog: Catalog;
  readonly now: Moment;
  /** True if a transaction is open. In drizzle's migrator one is always open, unless the file ended it. */
  readonly inTransaction: boolean;
  /** True if the file ends drizzle's transaction and begins the next one correctly. */
  readonly endsItRight: boolean;
  /** True if no other statement is sent to the database together with this one. */
  readonly alone: boolean;
  /** True if the statement ignores objects that exist already: `DO … EXCEPTION WHEN duplicate_object`. */
  readonly ignoresDuplicates: boolean;
  /** Returns the statement that creates an object again, after this one and in the same transaction. */
  readonly madeAgain: (kind: Kind, name: string) => Node | undefined;
  /** Returns true if this transaction gives a table a unique key over the columns, after this statement. */
  readonly uniqueAgain: (table: string, columns: readonly string[]) => boolean;
}

export interface Rule {
  /** True if a server that was built before the migration may fail after it. */
  readonly contracts?: true;
  /** True if PostgreSQL refuses the statement, so that the release fails. */
  readonly fails?: true;
  /** Explains the harm in one to three sentences: who is affected, and how. */
  readonly why: string;
  /** Safe steps to the same schema, in order. */
  readonly fix: readonly string[];
  /** Page of PostgreSQL's manual that explains the behavior. */
  readonly link: string;
  /** Returns the names of the affected tables, columns or other objects; an empty list if there are none. */
  readonly check: (node: Node, context: Context) => readonly string[];
}

export type Rules = Readonly<Record<string, Rule>>;

export interface Alteration extends AlterTableCmd {
  readonly table: string;
  /** The table, or `table.column` if the action is about a column. */
  readonly target: string;
  readonly column?: ColumnDef;
  readonly constraint?: Constraint;
}

/** Returns the tables that the running server may use. */
export function oldTables(relations: readonly (RangeVar | undefined)[], { catalog, now }: Context): string[] {
  return relations.map(relationName).filter((name) => catalog.isOld('relation', name, now));
}

/** Returns the tables in use that a part of a statement reads. Names that `WITH` defines are not tables. */
export function tablesRead(part: unknown, node: Node, context: Context): string[] {
  const named = new Set(within(node, 'CommonTableExpr').map(({ ctename }) => ctename));
  return oldTables(
    within(part, 'RangeVar').filter(({ schemaname, relname }) => schemaname || !named.has(relname)),
    context,
  );
}

/**
 * Returns the actions of an `ALTER TABLE` on a table that the running server may use. An action whose result exists
 * already is left out.
 */
export function alterations(
  node: Node,
  context: Context,
  ...subtypes: readonly AlterTableType[]
): Alteration[] {
  const alter = as(node, 'AlterTableStmt');
  const [table] = oldTables(alter ? [alter.relation] : [], context);
  if (table === undefined) return [];
  return ofKind(alter?.cmds, 'AlterTableCmd')
    .filter(({ subtype }) => subtypes.includes(subtype!))
    .filter((command) => !isDone(command, table, context))
    .map((command) => {
      const column = as(command.def, 'ColumnDef');
      const constraint = as(command.def, 'Constraint');
      const name = command.name ?? column?.colname ?? constraint?.conname;
      return {
        ...command,
        table,
        target: name ? `${table}.${name}` : table,
        ...(column && { column }),
        ...(constraint && { constraint }),
      };
    });
}

function isDone(
  { subtype, def, name = '', missing_ok }: AlterTableCmd,
  table: string,
  { catalog, ignoresDuplicates }: Context,
): boolean {
  const known = catalog.get('relation', table);
  if (subtype === 'AT_AddColumn')
    return (
      (missing_ok || ignoresDuplicates) && known?.columns.has(as(def, 'ColumnDef')?.colname ?? '') === true
    );
  if (subtype === 'AT_AddConstraint')
    return ignoresDuplicates && known?.constraints.has(as(def, 'Constraint')?.conname ?? '') === true;
  return subtype === 'AT_DropColumn' && missing_ok === true && catalog.isNoColumn(table, name);
}

/** Creates a check that reports every action of the given kinds of `ALTER TABLE`. */
export const altering =
  (...subtypes: AlterTableType[]): Rule['check'] =>
  (node, context) =>
    alterations(node, context, ...subtypes).map(({ target }) => target);

/** Returns the constraint of the given kinds that a new column declares. */
export const declared = ({ column }: Alteration, ...kinds: ConstrType[]): Constraint | undefined =>
  ofKind(column?.constraints, 'Constraint').find(({ contype }) => kinds.includes(contype!));

/** Returns the options of a statement that have the given name. */
export const optionsNamed = (options: readonly Node[] | undefined, name: string) =>
  ofKind(options, 'DefElem').filter(({ defname }) => defname === name);

/** Returns the tables in use that statements of a kind name, at any depth. */
export function relationsOf<K extends NodeName>(
  node: Node,
  kind: K,
  context: Context,
  relations: (statement: NodeOf<K>) => readonly (RangeVar | undefined)[],
): string[] {
  return within(node, kind).flatMap((statement) => oldTables(relations(statement), context));
}
