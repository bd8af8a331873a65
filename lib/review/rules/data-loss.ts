import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { typePage } from '../resource-type';
import { show } from '../show';
import { fate, type Holder, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { nameOf } from './setting';

/** Finds resources with data that CloudFormation deletes or replaces. */
export const dataLoss: Rule = {
  name: 'data-loss',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A resource that holds data is deleted or replaced: a database, table, bucket, file system, queue, stream, secret, key, user directory, repository, backup, log group, … of any service.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html',
  coversResources: true,
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
          what: `The ${noun} leaves the stack. Its DeletionPolicy retains it in the account.`,
          why: `From now on, no stack updates or protects the ${noun}, and it still costs money.`,
          fix: `Keep the ${noun} in the stack, or name a person who maintains it.`,
        }),
      ];
    case 'Snapshot':
      return [
        observe(change, {
          severity: 'danger',
          what: `CloudFormation deletes this ${noun} and creates a final snapshot.`,
          why: `Everything that uses the ${noun} stops immediately. Only the snapshot still contains ${loses}.`,
          fix: [
            'Keep it until nothing has used it for some time.',
            'Rehearse a restore from a snapshot.',
            'Remove it in a separate change.',
          ],
        }),
      ];
    case 'Delete':
      return [
        observe(change, {
          severity: primary ? 'danger' : 'caution',
          what: `CloudFormation deletes this ${noun}.`,
          why: `You lose ${loses}.`,
          fix: `Keep the ${noun}. Or set its DeletionPolicy to Retain in an earlier deployment, so that the ${noun} stays when it leaves the stack.`,
        }),
      ];
  }
}

function replaced(change: ResourceChange, { noun, loses, primary }: Holder): Observation[] {
  const policy = fate(change.before!, 'UpdateReplacePolicy');
  const old = {
    Retain: 'The old one stays in the account, unused',
    Snapshot: 'Only a snapshot of the old one remains',
    Delete: `CloudFormation deletes the old one, and you lose ${loses}`,
  }[policy];
  return [
    observe(change, {
      severity: primary || policy === 'Delete' ? 'danger' : 'caution',
      property: change.properties[0]?.path,
      what: `CloudFormation replaces this ${noun} with a new, empty one. ${causes(change)}`,
      why: `${old}.`,
      fix: `Keep ${properties(change)} unchanged. To change it anyway, create a second ${noun}, move the data, and switch over in a later deployment.`,
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
      what: `CloudFormation may replace this ${noun} with a new, empty one. ${causes(change)}`,
      why: 'Only a change set shows if CloudFormation replaces the resource.',
      fix: `Create a change set and check this ${noun}. If it says "Replacement: True", keep ${properties(change)} unchanged.`,
      link: typePage(change.resourceType),
    }),
  ];
}

function causes({ properties }: ResourceChange): string {
  const shown = properties
    .filter(({ path }) => path.startsWith('Properties.') || path === 'Type')
    .slice(0, 3)
    .map(({ path, before, after }) => `${nameOf(path)}: ${show(before)} → ${show(after)}`);
  return shown.length > 0 ? `${shown.join('; ')}.` : 'A resource that it references is also replaced.';
}

function properties({ properties: changed }: ResourceChange): string {
  const names = [...new Set(changed.map(({ path }) => nameOf(path)))];
  return names.length > 0 ? names.slice(0, 3).join(', ') : 'the referenced resource';
}
