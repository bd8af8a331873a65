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

/** The share of a limit from which the next feature may not fit. */
const CLOSE = 0.9;

/** CloudFormation takes no more. */
export const templateLimits: Rule = {
  name: 'template-limits',
  severities: ['danger', 'caution'],
  summary:
    'A stack grows to or beyond what CloudFormation takes: 500 resources, 200 outputs, parameters or mappings, 1 MB.',
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
        what: `${number(was)} → ${number(is)} ${of}; CloudFormation takes ${number(most)}.`,
        why:
          is > most
            ? 'CloudFormation refuses this template.'
            : 'CloudFormation soon refuses the template, most likely when something urgent is added.',
        fix: 'Move a part that changes on its own into a stack of its own, before it is urgent: a resource that moves later is made anew.',
      }),
    ];
  });
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
