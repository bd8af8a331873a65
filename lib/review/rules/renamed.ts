import type { ResourceChange } from '../change';
import { harmlessFate } from '../harmless';
import { servingOf } from '../serving-types';
import { fate, holderOf, physicalName } from '../stateful-resources';
import { type Observation, observe, type Remark, type Rule } from './rule';

/** Finds resources with a new logical id. For CloudFormation, another logical id is another resource. */
export const renamed: Rule = {
  name: 'renamed',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A resource gets another logical id or moves to another stack: CloudFormation creates a new one and deletes the old one.',
  link: 'https://docs.aws.amazon.com/cdk/v2/guide/refactor.html',
  coversResources: true,
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
    ? 'Keep the resource in its stack, or move it with a CloudFormation stack refactor (`cdk refactor`), which keeps the resource.'
    : 'Move the construct back, or set its former id with `overrideLogicalId`. `cdk refactor` renames without replacing.';
  const holder = holderOf(before);
  const stays = fate(before!, 'DeletionPolicy') === 'Retain';
  const name = physicalName(before!);
  const clash = name !== undefined && name === physicalName(change.after!);
  if (clash && (stays || !holder?.primary))
    return {
      severity: stays ? 'danger' : 'caution',
      what,
      why: `CloudFormation creates the new resource first, but the old one still has the name ${name}. The deployment fails${stays ? ', and every later one too, because the old resource is retained' : ''}.`,
      fix,
    };
  if (holder)
    return {
      severity: holder.primary || !stays ? 'danger' : 'caution',
      what,
      why: `CloudFormation creates a new, empty ${holder.noun}. The old one ${stays ? 'stays in the account, unused' : `is deleted, and you lose ${holder.loses}`}.`,
      fix,
    };
  const made = 'CloudFormation creates a new one and deletes the old one.';
  // References to a role within the plan are updated; only references outside the plan break.
  if (harmlessFate(change) || isFollowed(change)) return { severity: 'note', what, why: made, fix };
  const serving = servingOf(resourceType);
  return {
    severity: 'caution',
    what,
    why: `${made} ${serving?.why ?? 'References from outside these stacks still name the old one.'}`,
    fix,
  };
}

/**
 * Returns true for a role without a physical name. Its name is generated, so nothing outside the plan can depend on
 * it.
 */
function isFollowed({ resourceType, before }: ResourceChange): boolean {
  return /^AWS::IAM::(Role|InstanceProfile)$/.test(resourceType) && physicalName(before!) === undefined;
}
