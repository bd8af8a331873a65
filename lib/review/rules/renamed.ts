import type { ResourceChange } from '../change';
import { fate, holderOf, physicalName } from '../stateful-resources';
import { type Observation, observe, type Remark, type Rule } from './rule';
import { servesUsers } from './serving';

/** To CloudFormation, another logical id is another resource. */
export const renamed: Rule = {
  name: 'renamed',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A resource gets another logical id or moves to another stack: CloudFormation makes a new one and deletes the old one.',
  judge({ resources }) {
    return resources.flatMap((change): Observation[] =>
      change.kind === 'renamed' && change.former ? [observe(change, remark(change))] : [],
    );
  },
};

function remark(change: ResourceChange): Remark {
  const { stack, logicalId, former, before } = change;
  const moved = former!.stack !== stack;
  const what = moved
    ? `${former!.stack} ${former!.logicalId} → ${stack} ${logicalId}: it moves to another stack`
    : `${former!.logicalId} → ${logicalId}: it is renamed`;
  const advice = moved
    ? 'Leave it in its stack, or move it with a CloudFormation stack refactor (`cdk refactor`), which keeps the resource.'
    : 'Keep the construct where it was, or give it its former id with `overrideLogicalId`; `cdk refactor` renames without replacing.';
  const holder = holderOf(before);
  const stays = fate(before!, 'DeletionPolicy') === 'Retain';
  const name = physicalName(before!);
  const clash = name && name === physicalName(change.after!);
  if (clash && (stays || !holder?.primary))
    return {
      severity: stays ? 'danger' : 'caution',
      message: `${what}. CloudFormation makes the new one first, under the name ${name} that the old one still has: the deployment fails${stays ? ', and would fail again, because the old one is kept' : ''}.`,
      advice,
    };
  if (holder)
    return {
      severity: holder.primary || !stays ? 'danger' : 'caution',
      message: `${what}. To CloudFormation it is a new, empty ${holder.noun}; the old one ${stays ? 'stays where nothing uses it' : `is deleted, and with it ${holder.loses}`}.`,
      advice,
    };
  const serving = servesUsers(change);
  if (serving)
    return {
      severity: 'caution',
      message: `${what}. CloudFormation makes a new one and deletes the old one: ${serving}`,
      advice,
    };
  return {
    severity: 'note',
    message: `${what}. CloudFormation makes a new one and deletes the old one.`,
    advice,
  };
}
