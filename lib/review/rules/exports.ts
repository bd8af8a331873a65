import { keyOf, same } from '../canonical';
import type { Comparison } from '../change';
import type { Plan, PlannedStack } from '../plan';
import { list, plain, show } from '../show';
import { type Observation, observeStack, type Rule } from './rule';

/** Finds exports that CloudFormation refuses to change or remove because another stack imports them. */
export const exportsInUse: Rule = {
  name: 'exports',
  severities: ['danger', 'caution'],
  summary:
    'An output that another stack imports, or may import, is removed, changes its value or is missing. The deployment then stops half-way.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html',
  judge(comparison) {
    const { base, head } = comparison;
    return head.stacks
      .flatMap((stack) => {
        const former = base.stacks.find(({ name }) => name === stack.name);
        return former ? locked(comparison, former, stack) : [];
      })
      .concat(dangling(base, head), missing(base, head));
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
    if (users.length === 0) return is === undefined ? [unused(stack.name, name)] : [];
    const still = importers(head, name);
    const what =
      is === undefined
        ? 'is removed'
        : `changes: ${show(was)} → ${same(was, is) ? 'the value of the new resource' : show(is)}`;
    return [
      observeStack(stack.name, {
        severity: 'danger',
        property: `Outputs.${name}`,
        what: `The export ${name} ${what}, while ${list(users)} ${users.length === 1 ? 'imports' : 'import'} it.`,
        why: `The CDK deploys ${stack.name} first. CloudFormation refuses the update, and the deployment stops there.`,
        fix:
          is === undefined && still.length === 0
            ? [
                'Keep the export (`this.exportValue(…)`) and deploy, so that the other stack stops importing it.',
                'Remove the export in a second deployment.',
              ]
            : [
                'Deploy a second export in addition.',
                'Change the other stack to import the second export.',
                'Remove this export.',
              ],
      }),
    ];
  });
}

/** Reports a removed export that no stack of the plan imports. Stacks outside the plan may still import it. */
function unused(stack: string, name: string): Observation {
  return observeStack(stack, {
    severity: 'caution',
    property: `Outputs.${name}`,
    what: `The export ${name} is removed. No stack of the plan imports it.`,
    why: 'If a stack outside the plan imports the export, CloudFormation refuses the update, and the deployment stops there.',
    fix: 'Check with `aws cloudformation list-imports` before you deploy.',
  });
}

/** Finds imports of a name that no stack of the plan exports any more. */
function dangling(base: Plan, head: Plan): Observation[] {
  const offered = new Set(head.stacks.flatMap((stack) => [...exportsOf(stack).keys()]));
  return head.stacks.flatMap((stack) =>
    [...importsOf(stack)]
      .filter((name) => !offered.has(name) && base.stacks.some((other) => exportsOf(other).has(name)))
      .map((name) =>
        observeStack(stack.name, {
          severity: 'danger',
          property: `Outputs.${name}`,
          what: `The stack imports ${name}, which no stack of the plan exports any more.`,
          why: 'The deployment of the stack fails.',
          fix: 'Keep the export while a stack imports it.',
        }),
      ),
  );
}

/** Finds outputs that the new plan reads but no stack has. Outputs that were missing before are excluded. */
function missing(base: Plan, head: Plan): Observation[] {
  const known = new Set(unread(base).map(({ place }) => place.path));
  return unread(head).filter(({ place }) => !known.has(place.path));
}

/** Finds reads (`Fn::GetStackOutput`) of outputs that a stack of this plan does not have. */
function unread({ stacks }: Plan): Observation[] {
  const outputs = new Map(stacks.map(({ name, template }) => [name, Object.keys(template.Outputs ?? {})]));
  return stacks.flatMap((stack) =>
    [...namesOf(stack, 'Fn::GetStackOutput')].flatMap((wanted): Observation[] => {
      const [name = '', output = ''] = wanted.split(' ');
      if (outputs.get(name)?.includes(output) !== false) return [];
      return [
        observeStack(stack.name, {
          severity: 'danger',
          property: `Outputs.${output}`,
          what: `The stack reads the output ${output} of ${name}, which has no such output.`,
          why: 'The deployment of the stack fails.',
          fix: 'Keep the output while a stack reads it.',
        }),
      ];
    }),
  );
}

/** Returns the values of a stack's exports, by their names. */
function exportsOf({ template }: PlannedStack): Map<string, unknown> {
  return new Map(
    Object.values(template.Outputs ?? {}).flatMap(({ Export, Value }) =>
      Export?.Name === undefined ? [] : [[plain(Export.Name), Value]],
    ),
  );
}

function importsOf(stack: PlannedStack): Set<string> {
  return namesOf(stack, 'Fn::ImportValue');
}

type Reader = 'Fn::ImportValue' | 'Fn::GetStackOutput';

const known = {
  'Fn::ImportValue': new WeakMap<object, string[]>(),
  'Fn::GetStackOutput': new WeakMap<object, string[]>(),
};

/** Returns the names that a stack reads from other stacks. */
function namesOf({ template }: PlannedStack, reader: Reader): Set<string> {
  const parts = [...Object.values(template.Resources ?? {}), ...Object.values(template.Outputs ?? {})];
  return new Set(
    parts.flatMap((part) => {
      const found = known[reader].get(part) ?? namesWithin(part, reader);
      known[reader].set(part, found);
      return found;
    }),
  );
}

function namesWithin(value: unknown, reader: Reader): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key !== reader) return namesWithin(child, reader);
    if (reader === 'Fn::ImportValue') return [plain(child)];
    const { StackName, OutputName } = child as Record<string, unknown>;
    return [`${plain(StackName)} ${plain(OutputName)}`];
  });
}

function importers(plan: Plan, name: string): string[] {
  return plan.stacks.filter((stack) => importsOf(stack).has(name)).map((stack) => stack.name);
}

function refersTo(value: unknown, ids: ReadonlySet<string>): boolean {
  return [...keyOf(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].some(([, id]) => ids.has(id!));
}
