import type { ColumnDef, Constraint, IndexStmt, Node, TypeName } from 'libpg-query';
import { as, ofKind, within } from '../syntax-tree';

/** The release and the transaction in which an object was created. */
export interface Moment {
  readonly release: number;
  readonly transaction: number;
}

export interface KnownConstraint {
  readonly kind: Constraint['contype'];
  readonly columns: readonly string[];
  /** All columns that the condition mentions. */
  readonly mentions: readonly string[];
  /** The columns that a check keeps from being null. */
  readonly notNull: readonly string[];
  readonly valid: boolean;
  readonly moment: Moment;
}

export interface KnownIndex {
  readonly unique: boolean;
  /** The columns of an index on plain columns and all rows. */
  readonly columns: readonly string[];
  /** Columns in the expressions and the condition of the index. */
  readonly mentions: readonly string[];
}

export interface Column {
  readonly type: string;
  readonly release: number;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

/** The facts that the files state about a table, view, type, function or other object. */
export interface KnownObject {
  readonly release: number;
  readonly columns: Map<string, Column>;
  readonly constraints: Map<string, KnownConstraint>;
  readonly indexes: Map<string, KnownIndex>;
  /** True if a file created the table, so that all its columns are known. */
  isWhole?: boolean;
  /** The default partition, which holds the rows that belong to no other partition. */
  defaultPartition?: string;
  /**
   * The statement that defines a view, a trigger or a policy; for a function name, one statement per list of
   * parameters.
   */
  readonly definitions: Map<string, Node>;
  /** The relations, functions and columns that a view or a trigger depends on. */
  uses?: { readonly objects: readonly string[]; readonly columns: readonly string[] };
  /** True if a function returns the same value throughout a statement. */
  isSteady?: boolean;
}

export const unknown = (release: number): KnownObject => ({
  release,
  columns: new Map(),
  constraints: new Map(),
  indexes: new Map(),
  definitions: new Map(),
});

/** Returns PostgreSQL's name of a type, such as `varchar(40)`. */
export function typeText(type: TypeName | undefined): string {
  const names = ofKind(type?.names, 'String').map(({ sval }) => sval ?? '');
  const modifiers = within(type?.typmods, 'A_Const').map(({ ival }) => ival?.ival ?? 0);
  const name = names.filter((part) => part !== 'pg_catalog').join('.');
  return `${name}${modifiers.length ? `(${modifiers.join(',')})` : ''}${'[]'.repeat(type?.arrayBounds?.length ?? 0)}`;
}

/** Returns the columns that a condition or a query names. */
export function mentioned(value: unknown): string[] {
  return within(value, 'ColumnRef').flatMap(({ fields }) => ofKind(fields, 'String').at(-1)?.sval ?? []);
}

/** Returns the columns of `CHECK (column IS NOT NULL AND …)`. */
export function keptFromNull({ contype, raw_expr }: Constraint): string[] {
  return contype === 'CONSTR_CHECK' ? keptBy(raw_expr) : [];
}

function keptBy(condition: Node | undefined): string[] {
  const and = as(condition, 'BoolExpr');
  if (and?.boolop === 'AND_EXPR') return (and.args ?? []).flatMap(keptBy);
  const test = as(condition, 'NullTest');
  const column = ofKind(as(test?.arg, 'ColumnRef')?.fields, 'String').at(-1)?.sval;
  return test?.nulltesttype === 'IS_NOT_NULL' && column ? [column] : [];
}

/** Returns the facts about a column from its definition. */
export function columnOf(column: ColumnDef, release: number): Column {
  const type = typeText(column.typeName);
  const kinds = ofKind(column.constraints, 'Constraint').map(({ contype }) => contype);
  const given = (...wanted: readonly Constraint['contype'][]) => kinds.some((kind) => wanted.includes(kind));
  const isSerial = /^(small|big)?serial\d?$/.test(type);
  return {
    type,
    release,
    notNull: isSerial || given('CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'),
    hasDefault: isSerial || given('CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'),
  };
}

export function constraintOf(constraint: Constraint, moment: Moment, column?: string): KnownConstraint {
  const { contype, skip_validation, raw_expr } = constraint;
  const keys = contype === 'CONSTR_FOREIGN' ? constraint.fk_attrs : constraint.keys;
  return {
    kind: contype,
    columns: column ? [column] : ofKind(keys, 'String').map(({ sval }) => sval ?? ''),
    mentions: mentioned(raw_expr),
    notNull: keptFromNull(constraint),
    valid: !skip_validation,
    moment,
  };
}

/** Returns the name that PostgreSQL gives to an unnamed constraint. */
export function constraintName(
  table: string,
  { contype }: Constraint,
  { columns, mentions }: KnownConstraint,
): string {
  const base = table.split('.').at(-1)!;
  const [first = ''] = columns.length > 0 ? columns : mentions;
  switch (contype) {
    case 'CONSTR_PRIMARY':
      return `${base}_pkey`;
    case 'CONSTR_FOREIGN':
      return [base, ...columns, 'fkey'].join('_');
    case 'CONSTR_CHECK':
      return [base, first, 'check'].filter(Boolean).join('_');
    default:
      return [base, ...columns, 'key'].join('_');
  }
}

export function indexOf({ indexParams, whereClause, unique }: IndexStmt): KnownIndex {
  const elements = ofKind(indexParams, 'IndexElem');
  const columns = elements.flatMap(({ name }) => name ?? []);
  const isPlain = !whereClause && columns.length === elements.length;
  return {
    unique: unique === true,
    columns: isPlain ? columns : [],
    mentions: mentioned([...elements.map(({ expr }) => expr), whereClause]),
  };
}

/** Returns the name that PostgreSQL gives to an unnamed index. */
export function indexName({ idxname, relation, indexParams }: IndexStmt): string {
  if (idxname) return idxname;
  const columns = ofKind(indexParams, 'IndexElem').map(({ name, expr }) => {
    const call = as(expr, 'FuncCall');
    return name ?? ofKind(call?.funcname, 'String').at(-1)?.sval ?? 'expr';
  });
  return [relation?.relname, ...columns, 'idx'].join('_');
}

/** Returns true if a default is a value. `DEFAULT NULL` equals having no default. */
export function isValue(expression: Node | undefined): boolean {
  const constant = as(expression, 'A_Const') ?? as(as(expression, 'TypeCast')?.arg, 'A_Const');
  return expression !== undefined && constant?.isnull !== true;
}

export function isIdentity({ constraints }: ColumnDef): boolean {
  return ofKind(constraints, 'Constraint').some(({ contype }) => contype === 'CONSTR_IDENTITY');
}
