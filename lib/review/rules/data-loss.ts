import type { ResourceChange } from '../change';
import { show } from '../show';
import { fate, type Holder, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';

/** What holds data is deleted, or makes way for an empty one. */
export const dataLoss: Rule = {
  name: 'data-loss',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Something that holds data (database, table, bucket, secret, key, key-value store, log group, parameter, …) is deleted or replaced.',
  judge({ resources }) {
    return resources.flatMap((change) => {
      const holder = holderOf(change.before);
      if (!holder) return [];
      if (change.kind === 'removed') return removed(change, holder);
      if (change.kind === 'replaced') return replaced(change, holder);
      return change.kind === 'may-replace' ? mayReplace(change, holder) : [];
    });
  },
};

function removed(change: ResourceChange, holder: Holder): Observation[] {
  const { noun, loses, primary } = holder;
  switch (fate(change.before!, 'DeletionPolicy')) {
    case 'Retain':
      return [
        observe(change, {
          severity: primary ? 'caution' : 'note',
          message: `This ${noun} leaves the stack. Its DeletionPolicy keeps it, but nothing manages, protects or watches it from then on, and it goes on costing.`,
          advice: `Keep it in the stack, or decide now who looks after the ${noun} that stays behind.`,
        }),
      ];
    case 'Snapshot':
      return [
        observe(change, {
          severity: 'danger',
          message: `This ${noun} is deleted: what uses it stops at once. A last snapshot is all that stays of ${loses}.`,
          advice:
            'Keep it until nothing has used it for some time, then remove it in a change of its own with a restore from its snapshot rehearsed.',
        }),
      ];
    case 'Delete':
      return [
        observe(change, {
          severity: primary ? 'danger' : 'caution',
          message: `This ${noun} is deleted, and with it ${loses}.`,
          advice: `Keep it, or set its DeletionPolicy to Retain in a deployment of its own before this one, so that the ${noun} outlives the stack.`,
        }),
      ];
  }
}

function replaced(change: ResourceChange, { noun, loses, primary }: Holder): Observation[] {
  const why = causes(change);
  const old = {
    Retain: `the old one stays where nothing uses it`,
    Snapshot: `of the old one a snapshot stays`,
    Delete: `the old one is deleted, and with it ${loses}`,
  }[fate(change.before!, 'UpdateReplacePolicy')];
  return [
    observe(change, {
      severity: primary || fate(change.before!, 'UpdateReplacePolicy') === 'Delete' ? 'danger' : 'caution',
      property: change.properties[0]?.path,
      message: `This ${noun} is replaced by a new, empty one; ${old}. ${why}`,
      advice: `Leave ${properties(change)} as before. If it has to change: make a second ${noun} beside this one, move the data, and switch over in a later deployment.`,
    }),
  ];
}

function mayReplace(change: ResourceChange, { noun }: Holder): Observation[] {
  return [
    observe(change, {
      severity: 'caution',
      property: change.properties[0]?.path,
      message: `Depending on the values, CloudFormation replaces this ${noun} by a new, empty one. ${causes(change)}`,
      advice: `Make a change set first and look whether it says Replacement: True for this ${noun}; leave ${properties(change)} as before if it does.`,
    }),
  ];
}

function causes({ properties }: ResourceChange): string {
  const shown = properties
    .filter(({ path }) => path.startsWith('Properties.') || path === 'Type')
    .slice(0, 3)
    .map(({ path, before, after }) => `${name(path)}: ${show(before)} → ${show(after)}`);
  return shown.length > 0 ? `${shown.join('; ')}.` : 'What it refers to is replaced as well.';
}

function properties({ properties: changed }: ResourceChange): string {
  const names = [...new Set(changed.map(({ path }) => name(path)))];
  return names.length > 0 ? names.slice(0, 3).join(', ') : 'what it refers to';
}

function name(path: string): string {
  return path.replace(/^Properties\./, '');
}
