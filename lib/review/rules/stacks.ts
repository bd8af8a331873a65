import { holderOf } from '../stateful-resources';
import { type Observation, observeStack, type Rule } from './rule';

/** Stacks come, go and move as a whole. */
export const stacks: Rule = {
  name: 'stacks',
  severities: ['danger', 'caution', 'note'],
  summary: 'A stack is new, no longer part of the plan, or in another region.',
  judge({ base, head }) {
    const now = new Map(head.stacks.map((stack) => [stack.name, stack]));
    const former = new Set(base.stacks.map(({ name }) => name));
    const gone = base.stacks.flatMap((stack): Observation[] => {
      const { name, region, template } = stack;
      const after = now.get(name);
      const holds = Object.values(template.Resources ?? {}).some((resource) => holderOf(resource)?.primary);
      if (!after)
        return [
          observeStack(name, {
            severity: 'caution',
            message: `The stack is no longer part of the plan. It stays deployed${holds ? ', with the data in it' : ''}: nobody updates, watches or pays attention to it.`,
            advice: 'Delete it by hand when nothing needs it, or keep it in the plan.',
          }),
        ];
      if (region === after.region || region === undefined || after.region === undefined) return [];
      return [
        observeStack(name, {
          severity: holds ? 'danger' : 'caution',
          message: `Region: ${region} → ${after.region}. That is a second stack with everything in it new${holds ? ' and empty' : ''}; the one in ${region} stays where it is, and users stay with it or lose it.`,
          advice: 'Make a second environment in the other region, move the data, and switch users over.',
        }),
      ];
    });
    const news = head.stacks
      .filter(({ name }) => base.stacks.length > 0 && !former.has(name))
      .map(({ name, template }) =>
        observeStack(name, {
          severity: 'note',
          message: `The stack is new, with ${Object.keys(template.Resources ?? {}).length} resources.`,
          advice: 'Nothing to do; its resources are judged like any that are added.',
        }),
      );
    return [...gone, ...news];
  },
};
