import { createHash } from 'node:crypto';
import type { CloudFormationClient, ResourceChange as Told } from '@aws-sdk/client-cloudformation';
import type { Change } from './change';
import { CHANGE_SET_RULE } from './change-set-rule';
import { changes } from './compare';
import type { ReviewFinding } from './finding';
import type { PlannedStack } from './plan';
import { typeName } from './resource-type';
import type { Side } from './review';
import { count, list } from './show';
import { holderOfType } from './stateful-types';
import { TemplateUpload } from './template-upload';

const PAGE =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html';

export interface ChangeSetOptions {
  readonly base: Side;
  readonly head: Side;
  readonly progress: (line: string) => void;
  /** Seconds between two looks at a change set. @default 2 */
  readonly pollSeconds?: number;
}

/** Seconds until a change set is given up. CloudFormation takes some seconds, and a minute for a large stack. */
const LONGEST = 300;

/**
 * Asks CloudFormation itself: makes a change set for each deployed stack that the plan changes, reads it and deletes
 * it again. Nothing is executed.
 *
 * @returns findings for what CloudFormation would replace or remove and the review does not know
 */
export async function changeSetFindings(options: ChangeSetOptions): Promise<ReviewFinding[]> {
  const { base, head, progress } = options;
  const known = changes(base.plan, head.plan);
  const deployed = new Set(base.plan.stacks.map(({ name }) => name));
  const concerned = head.plan.stacks.filter(
    ({ name }) => deployed.has(name) && known.some(({ stack }) => stack === name),
  );
  const found: ReviewFinding[] = [];
  // One after the other: CloudFormation allows few requests a second, and each is soon done.
  for (const stack of concerned) {
    progress(`asking CloudFormation about ${stack.name}`);
    const own = known.filter((change) => change.stack === stack.name);
    found.push(...(await opinionOn(stack, own, options)));
  }
  return found;
}

async function opinionOn(
  stack: PlannedStack,
  known: readonly Change[],
  { pollSeconds = 2 }: ChangeSetOptions,
): Promise<ReviewFinding[]> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(stack.region ? { region: stack.region } : {});
  try {
    const outcome = await ask(client, stack, pollSeconds);
    if (typeof outcome === 'string') return [refused(stack, outcome)];
    return [...outcome.flatMap((told) => surprise(stack, told, known)), agreed(stack, outcome)];
  } finally {
    client.destroy();
  }
}

/** The changes that CloudFormation sees, or the reason why it refuses. */
async function ask(
  client: CloudFormationClient,
  stack: PlannedStack,
  pollSeconds: number,
): Promise<readonly Told[] | string> {
  const { CreateChangeSetCommand, DeleteChangeSetCommand, DescribeStacksCommand } = await import(
    '@aws-sdk/client-cloudformation'
  );
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack.name }));
  const [{ StackId = '', Parameters = [] } = {}] = Stacks;
  const body = JSON.stringify(stack.template);
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  const target = { StackName: stack.name, ChangeSetName: `framework53-review-${digest}` };
  const remove = () => client.send(new DeleteChangeSetCommand(target));
  const upload = new TemplateUpload(stack, body, StackId);
  // A run that was killed may have left one.
  await remove();
  try {
    await client.send(
      new CreateChangeSetCommand({
        ...target,
        ...(await upload.location()),
        ChangeSetType: 'UPDATE',
        Description: 'framework53 review reads it and deletes it',
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
        Parameters: Parameters.filter(
          ({ ParameterKey }) => ParameterKey! in (stack.template.Parameters ?? {}),
        ).map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      }),
    );
    return await read(client, target, pollSeconds);
  } finally {
    await Promise.all([remove(), upload.remove()]);
  }
}

/** Waits until CloudFormation has computed the change set, and reads all of it. */
async function read(
  client: CloudFormationClient,
  target: { StackName: string; ChangeSetName: string },
  pollSeconds: number,
): Promise<readonly Told[] | string> {
  const { DescribeChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const until = Date.now() + LONGEST * 1000;
  for (;;) {
    const first = await client.send(new DescribeChangeSetCommand(target));
    const { Status, StatusReason = 'CloudFormation gives no reason' } = first;
    if (Status === 'CREATE_COMPLETE') {
      const pages = [first];
      for (let next = first.NextToken; next; next = pages.at(-1)!.NextToken)
        pages.push(await client.send(new DescribeChangeSetCommand({ ...target, NextToken: next })));
      return pages.flatMap(({ Changes = [] }) =>
        Changes.flatMap(({ ResourceChange }) => ResourceChange ?? []),
      );
    }
    if (Status === 'FAILED')
      return /didn't contain changes|No updates are to be performed/.test(StatusReason) ? [] : StatusReason;
    if (Date.now() > until) return `CloudFormation has not computed the change set after ${LONGEST} seconds`;
    await new Promise((resolve) => setTimeout(resolve, pollSeconds * 1000));
  }
}

/** A replacement or removal that CloudFormation sees and the review does not. */
function surprise(stack: PlannedStack, told: Told, known: readonly Change[]): ReviewFinding[] {
  const { LogicalResourceId: logicalId = '', ResourceType: resourceType = '', Action, Replacement } = told;
  const kind = known.find((change) => change.logicalId === logicalId)?.kind;
  const goes = ['removed', 'replaced', 'renamed'];
  const isReplaced = Action === 'Modify' && Replacement === 'True' && !goes.includes(kind ?? '');
  const mayBe =
    Action === 'Modify' && Replacement === 'Conditional' && !['may-replace', ...goes].includes(kind ?? '');
  const isRemoved =
    Action === 'Remove' &&
    kind !== 'removed' &&
    !known.some(({ former }) => former?.stack === stack.name && former.logicalId === logicalId);
  if (!isReplaced && !mayBe && !isRemoved) return [];
  const causes = [...new Set((told.Details ?? []).flatMap(({ Target }) => Target?.Name ?? []))];
  const path = stack.constructPaths[logicalId] ?? `${stack.name}/${logicalId}`;
  const verb = isRemoved ? 'deletes' : mayBe ? 'may replace' : 'replaces';
  return [
    {
      rule: CHANGE_SET_RULE,
      severity: holderOfType(resourceType)?.primary && !mayBe ? 'danger' : 'caution',
      place: { stack: stack.name, logicalId, resourceType, path },
      what: `CloudFormation says that it ${verb} this ${typeName(resourceType)}${causes.length > 0 ? `, because of ${list(causes)}` : ''}. This review did not know.`,
      why: isRemoved
        ? 'The template of the plan and the deployed stack differ in a way that the comparison does not show.'
        : 'A replacement makes a new, empty resource under another name or address.',
      fix: [
        'Trust CloudFormation, and treat the change as it says.',
        'Report the type and the property, so that the review learns of it.',
      ],
      link: PAGE,
    },
  ];
}

/** Returns a finding with the numbers of changes that CloudFormation reports. */
function agreed({ name }: PlannedStack, told: readonly Told[]): ReviewFinding {
  const tally = (noun: string, wanted: (change: Told) => boolean) => {
    const number = told.filter(wanted).length;
    return number > 0 ? [`${number} ${noun}`] : [];
  };
  const parts = [
    ...tally('added', ({ Action }) => Action === 'Add'),
    ...tally('changed', ({ Action, Replacement }) => Action === 'Modify' && Replacement !== 'True'),
    ...tally('replaced', ({ Action, Replacement }) => Action === 'Modify' && Replacement === 'True'),
    ...tally('removed', ({ Action }) => Action === 'Remove'),
  ];
  return {
    rule: CHANGE_SET_RULE,
    severity: 'note',
    place: { stack: name, logicalId: '', resourceType: '', path: name },
    what: `CloudFormation’s change set has ${count(told.length, 'resource')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`,
    why: 'It is a second opinion, made from the deployed stack. The change set is deleted again.',
    fix: ['Nothing to do.'],
    link: PAGE,
  };
}

function refused({ name }: PlannedStack, reason: string): ReviewFinding {
  return {
    rule: CHANGE_SET_RULE,
    severity: 'danger',
    place: { stack: name, logicalId: '', resourceType: '', path: name },
    what: `CloudFormation refuses the change set: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`,
    why: 'It would refuse the deployment for the same reason.',
    fix: ['Correct what CloudFormation says.'],
    link: PAGE,
  };
}
