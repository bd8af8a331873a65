import type { Plan, PlannedStack } from '../plan';
import { type Observation, observeStack, type Rule } from './rule';

interface Limit {
  readonly of: string;
  readonly most: number;
  readonly measure: (stack: PlannedStack) => number;
}

const size = (section: object | undefined) => Object.keys(section ?? {}).length;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS: readonly Limit[] = [
  { of: 'resources', most: 500, measure: ({ template }) => size(template.Resources) },
  { of: 'outputs', most: 200, measure: ({ template }) => size(template.Outputs) },
  { of: 'parameters', most: 200, measure: ({ template }) => size(template.Parameters) },
  { of: 'mappings', most: 200, measure: ({ template }) => size(template.Mappings) },
  {
    of: 'bytes of template',
    most: 1_000_000,
    measure: ({ template, templateBytes }) => templateBytes ?? Buffer.byteLength(JSON.stringify(template)),
  },
];

/** Share of a limit from which a stack is reported as close to it. */
const CLOSE = 0.9;

/** Finds stacks near or above the limits of CloudFormation. */
export const templateLimits: Rule = {
  name: 'template-limits',
  severities: ['danger', 'caution'],
  summary:
    'A stack comes near or exceeds a limit of CloudFormation: 500 resources, 200 outputs, parameters or mappings, 1 MB.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
  judge: ({ base, head }) => head.stacks.flatMap((stack) => judgeStack(stack, base)),
};

function judgeStack(stack: PlannedStack, base: Plan): Observation[] {
  const former = base.stacks.find(({ name }) => name === stack.name);
  return LIMITS.flatMap(({ of, most, measure }): Observation[] => {
    const [was, is] = [former ? measure(former) : 0, measure(stack)];
    if (is <= was || is < most * CLOSE) return [];
    return [
      observeStack(stack.name, {
        severity: is > most ? 'danger' : 'caution',
        what: `${number(was)} → ${number(is)} ${of}; CloudFormation allows ${number(most)}.`,
        why:
          is > most
            ? 'CloudFormation refuses this template.'
            : 'CloudFormation will soon refuse the template, perhaps during an urgent change.',
        fix: 'Move an independent part to a stack of its own now: moving a resource later replaces it.',
      }),
    ];
  });
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
