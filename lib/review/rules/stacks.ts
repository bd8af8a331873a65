import { removedNested } from '../compare';
import { holderOf } from '../stateful-resources';
import { type Observation, observeStack, type Rule } from './rule';

/** Stacks come, go and move as a whole. */
export const stacks: Rule = {
  name: 'stacks',
  severities: ['danger', 'caution', 'note'],
  summary: 'A stack is new, no longer part of the plan, or in another region.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/updating.stacks.walkthrough.html',
  judge({ base, head }) {
    const now = new Map(head.stacks.map((stack) => [stack.name, stack]));
    const former = new Set(base.stacks.map(({ name }) => name));
    const deleted = new Set(removedNested(base, head).map(({ name }) => name));
    const gone = base.stacks.flatMap((stack): Observation[] => {
      const { name, region, template } = stack;
      const after = now.get(name);
      const holds = Object.values(template.Resources ?? {}).some((resource) => holderOf(resource)?.primary);
      if (deleted.has(name))
        return [
          observeStack(name, {
            severity: holds ? 'danger' : 'caution',
            what: 'The nested stack is removed from the stack around it.',
            why: `CloudFormation deletes it with every resource in it${holds ? ', data included' : ''}.`,
            fix: 'Keep it, or move its resources to another stack first (`cdk refactor`).',
          }),
        ];
      if (!after)
        return [
          observeStack(name, {
            severity: 'caution',
            what: 'The stack is no longer part of the plan.',
            why: `It stays deployed${holds ? ', with the data in it' : ''}: nobody updates or watches it.`,
            fix: 'Delete it by hand when nothing needs it, or keep it in the plan.',
          }),
        ];
      if (region === after.region || region === undefined || after.region === undefined) return [];
      return [
        observeStack(name, {
          severity: holds ? 'danger' : 'caution',
          what: `Region: ${region} → ${after.region}.`,
          why: `CloudFormation makes a second stack, with each resource in it new${holds ? ' and empty' : ''}. The one in ${region} stays, and users stay with it or lose it.`,
          fix: 'Make a second environment in the other region, move the data, and switch users over.',
        }),
      ];
    });
    const news = head.stacks
      .filter(({ name }) => base.stacks.length > 0 && !former.has(name))
      .map(({ name, template }) =>
        observeStack(name, {
          severity: 'note',
          what: `The stack is new, with ${Object.keys(template.Resources ?? {}).length} resources.`,
          why: 'Its resources are judged like any that are added.',
          fix: 'Nothing to do.',
        }),
      );
    return [...gone, ...news];
  },
};
