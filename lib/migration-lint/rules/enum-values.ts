import type { Node } from 'libpg-query';
import { typeText } from '../catalog/known-object';
import { as, ofKind, relationName, within } from '../syntax-tree';
import type { Context } from './rule';

/** Returns the enum values, added in this transaction, that a statement uses as enum values and not as plain text. */
export function newValuesIn(node: Node, context: Context): string[] {
  const { catalog, now } = context;
  const uses = within(node, 'A_Const').flatMap((constant) => {
    const value = constant.sval?.sval;
    const type = value ? catalog.enumOfNewValue(value, now) : undefined;
    return value && type ? [{ constant, value, type }] : [];
  });
  if (uses.length === 0) return [];
  const types = typesOf(node, context);
  return uses.flatMap(({ constant, value, type }) => {
    const own = types.get(constant);
    const known = own ?? tableTypes(node, context);
    return known === undefined || known.some((name) => name.replace(/\[\]$/, '') === type) ? value : [];
  });
}

/**
 * Returns the types of all columns of the tables that a statement names; undefined unless the files created all these
 * tables.
 */
function tableTypes(node: Node, { catalog }: Context): string[] | undefined {
  const tables = within(node, 'RangeVar').map((relation) => catalog.get('relation', relationName(relation)));
  const types: string[] = [];
  for (const table of tables) {
    if (!table?.isWhole) return undefined;
    types.push(...[...table.columns.values()].map(({ type }) => type));
  }
  return tables.length > 0 ? types : undefined;
}

/** Returns the types that a statement gives to its constants, as far as the files show them. */
function typesOf(node: Node, { catalog }: Context): Map<object, string[]> {
  const types = new Map<object, string[]>();
  const give = (value: unknown, type: string | undefined) => {
    if (type === undefined) return;
    for (const constant of within({ value }, 'A_Const'))
      if (!types.has(constant)) types.set(constant, [type]);
  };
  const columnType = (table: string, column: string) =>
    catalog.get('relation', table)?.columns.get(column)?.type;

  for (const { arg, typeName } of within(node, 'TypeCast')) give(arg, typeText(typeName));
  for (const { constraints, typeName } of within(node, 'ColumnDef')) give(constraints, typeText(typeName));
  for (const { relation, cmds } of within(node, 'AlterTableStmt'))
    for (const { name = '', subtype, def } of ofKind(cmds, 'AlterTableCmd'))
      if (subtype === 'AT_ColumnDefault') give(def, columnType(relationName(relation), name));
  for (const { relation, targetList } of within(node, 'UpdateStmt'))
    for (const { name = '', val } of ofKind(targetList, 'ResTarget'))
      if (as(val, 'A_Const')) give(val, columnType(relationName(relation), name));
  for (const { relation, cols, selectStmt } of within(node, 'InsertStmt')) {
    const table = catalog.get('relation', relationName(relation));
    const names = cols
      ? ofKind(cols, 'ResTarget').map(({ name = '' }) => name)
      : [...(table?.columns.keys() ?? [])];
    for (const row of ofKind(as(selectStmt, 'SelectStmt')?.valuesLists, 'List'))
      for (const [place, value] of (row.items ?? []).entries()) {
        const type = table?.columns.get(names[place] ?? '')?.type;
        if (table?.isWhole || type) give(value, type);
      }
  }
  return types;
}
