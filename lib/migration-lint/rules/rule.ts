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
import type { Moment } from '../catalog/known';
import type { Kind } from '../catalog/made';
import { as, type NodeName, type NodeOf, ofKind, relationName, within } from '../syntax-tree';

/** The position of a statement: its file, its transaction and the schema before it. */
export interface Context {
  /** The schema that the statements before it leave. */
  readonly catalog: Catalog;
  readonly now: Moment;
  /** True if a transaction is open, which it always is in drizzle's migrator, unless the file ended it. */
  readonly inTransaction: boolean;
  /** True if a file may end drizzle's transaction here, or must not. */
  readonly endsItRight: boolean;
  /** True if nothing else is sent to the server with it. */
  readonly alone: boolean;
  /** True if it passes over what is there already: `DO … EXCEPTION WHEN duplicate_object`. */
  readonly ignoresDuplicates: boolean;
  /** The statement of the same transaction that makes an object again, after this one. */
  readonly madeAgain: (kind: Kind, name: string) => Node | undefined;
  /** Returns true if this transaction gives a table a unique key over the columns, after this statement. */
  readonly uniqueAgain: (table: string, columns: readonly string[]) => boolean;
}

export interface Rule {
  /** True if a server built before the migration may fail after it. */
  readonly contracts?: true;
  /** True if PostgreSQL refuses it, so that the release fails. */
  readonly fails?: true;
  /** One sentence that says whom it hurts and how. */
  readonly why: string;
  /** Steps that lead to the same schema and hurt nobody, in order. */
  readonly fix: readonly string[];
  /** Page of PostgreSQL's manual that it rests on. */
  readonly link: string;
  /** The names of the tables, columns, … that are hurt; none when nothing is. */
  readonly check: (node: Node, context: Context) => readonly string[];
}

export type Rules = Readonly<Record<string, Rule>>;

export interface Alteration extends AlterTableCmd {
  readonly table: string;
  /** `table.column` where it is about a column. */
  readonly target: string;
  readonly column?: ColumnDef;
  readonly constraint?: Constraint;
}

/** The tables that the running server may use. */
export function oldTables(relations: readonly (RangeVar | undefined)[], { catalog, now }: Context): string[] {
  return relations.map(relationName).filter((name) => catalog.isOld('relation', name, now));
}

/** The tables in use that a part of a statement reads; `WITH` names none. */
export function tablesRead(part: unknown, node: Node, context: Context): string[] {
  const named = new Set(within(node, 'CommonTableExpr').map(({ ctename }) => ctename));
  return oldTables(
    within(part, 'RangeVar').filter(({ schemaname, relname }) => schemaname || !named.has(relname)),
    context,
  );
}

/**
 * Returns the effects of an `ALTER TABLE` on a table that the running server may use. A statement whose work
 * is already done has none.
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

/** Rule that a kind of `ALTER TABLE` is always a finding. */
export const altering =
  (...subtypes: AlterTableType[]): Rule['check'] =>
  (node, context) =>
    alterations(node, context, ...subtypes).map(({ target }) => target);

/** The constraint of a kind that a new column declares. */
export const declared = ({ column }: Alteration, ...kinds: ConstrType[]): Constraint | undefined =>
  ofKind(column?.constraints, 'Constraint').find(({ contype }) => kinds.includes(contype!));

/** The options of a statement that are called so. */
export const optionsNamed = (options: readonly Node[] | undefined, name: string) =>
  ofKind(options, 'DefElem').filter(({ defname }) => defname === name);

/** The tables in use that statements of a kind name, at any depth. */
export function relationsOf<K extends NodeName>(
  node: Node,
  kind: K,
  context: Context,
  relations: (statement: NodeOf<K>) => readonly (RangeVar | undefined)[],
): string[] {
  return within(node, kind).flatMap((statement) => oldTables(relations(statement), context));
}
