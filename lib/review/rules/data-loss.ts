import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { typePage } from '../resource-type';
import { show } from '../show';
import { fate, type Holder, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { nameOf } from './setting';

/** CloudFormation deletes a resource that holds data, or makes an empty one in its place. */
export const dataLoss: Rule = {
  name: 'data-loss',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A resource that holds data is deleted or replaced: a database, table, bucket, file system, queue, stream, secret, key, directory of users, repository, backup, log group, … of any service.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html',
  speaksOfResources: true,
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

function removed(change: ResourceChange, { noun, loses, primary }: Holder): Observation[] {
  switch (fate(change.before!, 'DeletionPolicy')) {
    case 'Retain':
      return [
        observe(change, {
          severity: primary ? 'caution' : 'note',
          what: `The ${noun} leaves the stack. Its DeletionPolicy keeps it.`,
          why: 'From then on no stack updates, protects or watches it, and it goes on costing.',
          fix: `Keep it in the stack, or decide now who looks after the ${noun}.`,
        }),
      ];
    case 'Snapshot':
      return [
        observe(change, {
          severity: 'danger',
          what: `CloudFormation deletes this ${noun} and keeps a last snapshot.`,
          why: `Whatever uses it stops at once. Only the snapshot is left of ${loses}.`,
          fix: [
            'Keep it until nothing has used it for some time.',
            'Rehearse a restore from a snapshot.',
            'Remove it in a change of its own.',
          ],
        }),
      ];
    case 'Delete':
      return [
        observe(change, {
          severity: primary ? 'danger' : 'caution',
          what: `CloudFormation deletes this ${noun}.`,
          why: `It deletes ${loses} as well.`,
          fix: `Keep it. Or set its DeletionPolicy to Retain in an earlier deployment, so that the ${noun} outlives the stack.`,
        }),
      ];
  }
}

function replaced(change: ResourceChange, { noun, loses, primary }: Holder): Observation[] {
  const policy = fate(change.before!, 'UpdateReplacePolicy');
  const old = {
    Retain: 'The old one stays, and nothing uses it',
    Snapshot: 'A snapshot is all that is left of the old one',
    Delete: `CloudFormation deletes the old one, and with it ${loses}`,
  }[policy];
  return [
    observe(change, {
      severity: primary || policy === 'Delete' ? 'danger' : 'caution',
      property: change.properties[0]?.path,
      what: `CloudFormation replaces this ${noun} by a new, empty one. ${causes(change)}`,
      why: `${old}.`,
      fix: `Leave ${properties(change)} as it is. If it has to change: make a second ${noun} beside this one, move the data, and switch over in a later deployment.`,
      link: typePage(change.resourceType),
    }),
  ];
}

function mayReplace(change: ResourceChange, { noun, primary }: Holder): Observation[] {
  const severity: Severity = primary ? 'caution' : 'note';
  return [
    observe(change, {
      severity,
      property: change.properties[0]?.path,
      what: `Depending on the values, CloudFormation replaces this ${noun} by a new, empty one. ${causes(change)}`,
      why: 'Only a change set tells whether it does.',
      fix: `Make a change set and look at this ${noun}. If it says "Replacement: True", leave ${properties(change)} as it is.`,
      link: typePage(change.resourceType),
    }),
  ];
}

function causes({ properties }: ResourceChange): string {
  const shown = properties
    .filter(({ path }) => path.startsWith('Properties.') || path === 'Type')
    .slice(0, 3)
    .map(({ path, before, after }) => `${nameOf(path)}: ${show(before)} → ${show(after)}`);
  return shown.length > 0 ? `${shown.join('; ')}.` : 'A resource that it names is replaced as well.';
}

function properties({ properties: changed }: ResourceChange): string {
  const names = [...new Set(changed.map(({ path }) => nameOf(path)))];
  return names.length > 0 ? names.slice(0, 3).join(', ') : 'the resource that it names';
}
