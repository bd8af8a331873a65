import type { ResourceChange } from '../change';
import { harmlessFate } from '../harmless';
import { servingOf } from '../serving-types';
import { fate, holderOf, physicalName } from '../stateful-resources';
import { type Observation, observe, type Remark, type Rule } from './rule';

/** To CloudFormation, another logical id is another resource. */
export const renamed: Rule = {
  name: 'renamed',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A resource gets another logical id or moves to another stack: CloudFormation makes a new one and deletes the old one.',
  link: 'https://docs.aws.amazon.com/cdk/v2/guide/refactor.html',
  speaksOfResources: true,
  judge({ resources }) {
    return resources.flatMap((change): Observation[] =>
      change.kind === 'renamed' && change.former ? [observe(change, remark(change))] : [],
    );
  },
};

function remark(change: ResourceChange): Remark {
  const { stack, logicalId, resourceType, former, before } = change;
  const moved = former!.stack !== stack;
  const what = moved
    ? `The resource moves to another stack: ${former!.stack} ${former!.logicalId} → ${stack} ${logicalId}.`
    : `The logical id changes: ${former!.logicalId} → ${logicalId}.`;
  const fix = moved
    ? 'Leave it in its stack, or move it with a CloudFormation stack refactor (`cdk refactor`), which keeps the resource.'
    : 'Keep the construct where it was, or give it its former id with `overrideLogicalId`. `cdk refactor` renames without replacing.';
  const holder = holderOf(before);
  const stays = fate(before!, 'DeletionPolicy') === 'Retain';
  const name = physicalName(before!);
  const clash = name !== undefined && name === physicalName(change.after!);
  if (clash && (stays || !holder?.primary))
    return {
      severity: stays ? 'danger' : 'caution',
      what,
      why: `CloudFormation makes the new one first, under the name ${name} that the old one still has: the deployment fails${stays ? ', and fails again, because the old one is kept' : ''}.`,
      fix,
    };
  if (holder)
    return {
      severity: holder.primary || !stays ? 'danger' : 'caution',
      what,
      why: `CloudFormation makes a new, empty ${holder.noun}. The old one ${stays ? 'stays where nothing uses it' : `is deleted, and with it ${holder.loses}`}.`,
      fix,
    };
  const made = 'CloudFormation makes a new one and deletes the old one.';
  // All that names a role follows within the plan; only what names it elsewhere does not.
  if (harmlessFate(change) || isFollowed(change)) return { severity: 'note', what, why: made, fix };
  const serving = servingOf(resourceType);
  return {
    severity: 'caution',
    what,
    why: `${made} ${serving?.why ?? 'What names it outside of these stacks still names the old one.'}`,
    fix,
  };
}

/** A role without a name of its own: nobody outside of the plan can have counted on its name. */
function isFollowed({ resourceType, before }: ResourceChange): boolean {
  return /^AWS::IAM::(Role|InstanceProfile)$/.test(resourceType) && physicalName(before!) === undefined;
}
