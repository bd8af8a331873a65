import { keyOf, same } from '../canonical';
import type { Comparison } from '../change';
import type { Plan, PlannedStack } from '../plan';
import { list, plain, show } from '../show';
import { type Observation, observeStack, type Rule } from './rule';

/** CloudFormation refuses to touch an export that another stack uses. */
export const exportsInUse: Rule = {
  name: 'exports',
  severities: ['danger'],
  summary:
    'An output that another stack imports is removed, changes its value, or is missing: the deployment fails half-way.',
  judge(comparison) {
    const { base, head } = comparison;
    return head.stacks
      .flatMap((stack) => {
        const former = base.stacks.find(({ name }) => name === stack.name);
        return former ? locked(comparison, former, stack) : [];
      })
      .concat(dangling(base, head));
  },
};

function locked(
  { base, head, resources }: Comparison,
  former: PlannedStack,
  stack: PlannedStack,
): Observation[] {
  const [before, after] = [exportsOf(former), exportsOf(stack)];
  const replaced = new Set(
    resources
      .filter(({ kind, stack: name }) => name === stack.name && ['replaced', 'renamed'].includes(kind))
      .map(({ logicalId }) => logicalId),
  );
  return [...before].flatMap(([name, was]): Observation[] => {
    const is = after.get(name);
    if (is !== undefined && same(was, is) && !refersTo(is, replaced)) return [];
    const users = importers(base, name).filter((user) => user !== stack.name);
    if (users.length === 0) return [];
    const still = importers(head, name);
    const what =
      is === undefined
        ? 'is removed'
        : `changes: ${show(was)} → ${same(was, is) ? 'that of the new resource' : show(is)}`;
    return [
      observeStack(stack.name, {
        severity: 'danger',
        property: `Outputs.${name}`,
        message: `The export ${name} ${what}, while ${list(users)} ${users.length === 1 ? 'imports' : 'import'} it. ${stack.name} is deployed first: CloudFormation refuses, and the deployment stops there.`,
        advice:
          is === undefined && still.length === 0
            ? 'Deploy twice: first with the export kept (`this.exportValue(…)`), so that the other stack lets go of it; then without.'
            : 'Deploy in steps: a second export beside this one, the other stack moved over to it, then this one removed.',
      }),
    ];
  });
}

/** Imports of what nobody exports. */
function dangling(base: Plan, head: Plan): Observation[] {
  const offered = new Set(head.stacks.flatMap((stack) => [...exportsOf(stack).keys()]));
  return head.stacks.flatMap((stack) =>
    [...importsOf(stack)]
      .filter((name) => !offered.has(name) && base.stacks.some((other) => exportsOf(other).has(name)))
      .map((name) =>
        observeStack(stack.name, {
          severity: 'danger',
          property: `Outputs.${name}`,
          message: `It imports ${name}, which no stack of the plan exports any more: its deployment fails.`,
          advice: 'Keep the export as long as it is imported.',
        }),
      ),
  );
}

/** Names of exports and the values behind them. */
function exportsOf({ template }: PlannedStack): Map<string, unknown> {
  return new Map(
    Object.values(template.Outputs ?? {}).flatMap(({ Export, Value }) =>
      Export?.Name === undefined ? [] : [[plain(Export.Name), Value]],
    ),
  );
}

const imports = new WeakMap<object, readonly string[]>();

function importsOf({ template }: PlannedStack): Set<string> {
  const parts = [...Object.values(template.Resources ?? {}), ...Object.values(template.Outputs ?? {})];
  return new Set(
    parts.flatMap((part) => {
      const found = imports.get(part) ?? importsWithin(part);
      imports.set(part, found);
      return found;
    }),
  );
}

function importsWithin(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'Fn::ImportValue' ? [plain(child)] : importsWithin(child),
  );
}

function importers(plan: Plan, name: string): string[] {
  return plan.stacks.filter((stack) => importsOf(stack).has(name)).map((stack) => stack.name);
}

function refersTo(value: unknown, ids: ReadonlySet<string>): boolean {
  return [...keyOf(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].some(([, id]) => ids.has(id!));
}
