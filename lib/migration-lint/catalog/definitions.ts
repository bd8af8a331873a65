import type { Node, ResTarget } from 'libpg-query';
import { as, meaning, ofKind, relationName, spelled, within } from '../syntax-tree';
import { type KnownObject, mentioned } from './known-object';
import type { Named } from './named-objects';

/** A view, function, trigger or policy that a statement defines. The lint compares a later definition with it. */
export interface Definition extends Named {
  /** Distinguishes functions of the same name, by their parameters. */
  readonly variant: string;
  /** True if the statement replaces an existing definition. */
  readonly replaces: boolean;
  readonly uses?: KnownObject['uses'];
}

export function definitionOf(node: Node): Definition | undefined {
  const view = as(node, 'ViewStmt');
  if (view)
    return {
      kind: 'relation',
      name: relationName(view.view),
      variant: '',
      replaces: view.replace === true,
      uses: usedBy(view.query),
    };
  const table = as(node, 'CreateTableAsStmt');
  if (table?.objtype === 'OBJECT_MATVIEW')
    return {
      kind: 'relation',
      name: relationName(table.into?.rel),
      variant: '',
      replaces: false,
      uses: usedBy(table.query),
    };
  const routine = as(node, 'CreateFunctionStmt');
  if (routine) {
    const given = ofKind(routine.parameters, 'FunctionParameter').filter(
      ({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE',
    );
    return {
      kind: 'routine',
      name: spelled(routine.funcname),
      variant: meaning(given.map(({ argType }) => argType)),
      replaces: routine.replace === true,
    };
  }
  const trigger = as(node, 'CreateTrigStmt');
  if (trigger) {
    const table = relationName(trigger.relation);
    return {
      kind: 'attached',
      name: `${table}.${trigger.trigname}`,
      variant: '',
      replaces: trigger.replace === true,
      uses: { objects: [spelled(trigger.funcname)], columns: [] },
    };
  }
  const policy = as(node, 'CreatePolicyStmt');
  if (!policy) return undefined;
  const name = `${relationName(policy.table)}.${policy.policy_name}`;
  return { kind: 'attached', name, variant: '', replaces: false };
}

function usedBy(query: Node | undefined): KnownObject['uses'] {
  return {
    objects: [
      ...within(query, 'RangeVar').map(relationName),
      ...within(query, 'FuncCall').map(({ funcname }) => spelled(funcname)),
    ],
    columns: [...mentioned(query), ...(within(query, 'A_Star').length > 0 ? ['*'] : [])],
  };
}

/** Returns true if every query of the former object gets the same result from the new one. */
export function isCompatible(before: Node, after: Node): boolean {
  if (text(before) === text(after)) return true;
  const [old, now] = [queryOf(before), queryOf(after)];
  if (!old?.targetList || !now?.targetList || text(rest(before)) !== text(rest(after))) return false;
  const columns = new Map(targets(now.targetList).map((target) => [outputName(target), text(target.val)]));
  return targets(old.targetList).every((target) => columns.get(outputName(target)) === text(target.val));
}

const targets = (list: readonly Node[]) => ofKind(list, 'ResTarget');
const outputName = ({ name, val }: ResTarget) => name ?? mentioned({ val }).at(-1) ?? '*';

function queryOf(node: Node) {
  return as(as(node, 'ViewStmt')?.query ?? as(node, 'CreateTableAsStmt')?.query, 'SelectStmt');
}

/** Returns a view without its list of columns, which may grow. */
function rest(node: Node): object {
  const { targetList: _, ...query } = queryOf(node) ?? {};
  const { query: __, ...view } = as(node, 'ViewStmt') ?? as(node, 'CreateTableAsStmt') ?? {};
  return { ...view, replace: undefined, query };
}

/** Returns a comparable text. `OR REPLACE` is ignored, because the resulting object is the same without it. */
function text(value: unknown): string {
  return meaning(value, ['replace', 'if_not_exists']);
}
