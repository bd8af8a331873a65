import { removedNested } from '../compare';
import { holderOf } from '../stateful-resources';
import { type Observation, observeStack, type Rule } from './rule';

/** Finds stacks that are new, removed or moved to another region. */
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
            what: 'The nested stack is removed from its parent stack.',
            why: `CloudFormation deletes it with every resource in it${holds ? ', including data' : ''}.`,
            fix: 'Keep it, or first move its resources to another stack (`cdk refactor`).',
          }),
        ];
      if (!after)
        return [
          observeStack(name, {
            severity: 'caution',
            what: 'The stack is no longer part of the plan.',
            why: `It stays deployed${holds ? ', including its data' : ''}, but nobody updates it.`,
            fix: 'Delete it by hand when nothing needs it, or keep it in the plan.',
          }),
        ];
      if (region === after.region || region === undefined || after.region === undefined) return [];
      return [
        observeStack(name, {
          severity: holds ? 'danger' : 'caution',
          what: `Region: ${region} → ${after.region}.`,
          why: `CloudFormation creates a second stack with all new${holds ? ', empty' : ''} resources. The stack in ${region} keeps running, without updates.`,
          fix: 'Create a second environment in the other region, move the data, and switch users over.',
        }),
      ];
    });
    const news = head.stacks
      .filter(({ name }) => base.stacks.length > 0 && !former.has(name))
      .map(({ name, template }) =>
        observeStack(name, {
          severity: 'note',
          what: `The stack is new, with ${Object.keys(template.Resources ?? {}).length} resources.`,
          why: 'Other rules judge its resources like any added ones.',
          fix: 'No action is needed.',
        }),
      );
    return [...gone, ...news];
  },
};
