import { createHash } from 'node:crypto';
import type { CloudFormationClient, ResourceChange as Told } from '@aws-sdk/client-cloudformation';
import { pages } from '../../constructs/pages';
import { soundAnswers } from '../aws/sound-answers';
import type { Change } from './change';
import { CHANGE_SET_RULE, NO_CHANGES } from './change-set-rule';
import { changes } from './compare';
import type { ReviewFinding } from './finding';
import type { PlannedStack } from './plan';
import { typeName } from './resource-type';
import type { Side } from './review';
import { count, list, show } from './show';
import { holderOfType } from './stateful-types';
import { TemplateUpload } from './template-upload';

const PAGE =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html';

export interface ChangeSetOptions {
  readonly base: Side;
  readonly head: Side;
  readonly progress: (line: string) => void;
  /** Seconds between two requests for the state of a change set. @default 2 */
  readonly pollSeconds?: number;
}

/** Longest wait for a change set, in seconds. CloudFormation needs some seconds, or a minute for a large stack. */
const LONGEST = 300;

/** Most characters of a reason that a finding contains. */
const LONGEST_REASON = 1_000;

/** Actions whose effect the review knows. An import changes no resource, nor does accepting drift. */
const KNOWN_ACTIONS = ['Add', 'Modify', 'Remove', 'Import', 'SyncWithActual'];

/**
 * Creates a change set for each deployed stack that the plan changes, reads it and deletes it. Executes nothing.
 * @returns findings for replacements and removals that only CloudFormation reports
 */
export async function changeSetFindings(options: ChangeSetOptions): Promise<ReviewFinding[]> {
  const { base, head, progress } = options;
  const known = changes(base.plan, head.plan);
  const deployed = new Set(base.plan.stacks.map(({ name }) => name));
  const concerned = head.plan.stacks.filter(
    ({ name }) => deployed.has(name) && known.some(({ stack }) => stack === name),
  );
  const found: ReviewFinding[] = [];
  // One at a time: CloudFormation allows few requests a second, and each change set is quick.
  for (const stack of concerned) {
    progress(`asking CloudFormation about ${stack.name}`);
    const own = known.filter((change) => change.stack === stack.name);
    found.push(...(await findingsOfStack(stack, own, options)));
  }
  return found;
}

async function findingsOfStack(
  stack: PlannedStack,
  known: readonly Change[],
  { pollSeconds = 2 }: ChangeSetOptions,
): Promise<ReviewFinding[]> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const client = soundAnswers(new CloudFormationClient(stack.region ? { region: stack.region } : {}));
  try {
    const outcome = await ask(client, stack, pollSeconds);
    if (typeof outcome === 'string') return [refused(stack, outcome)];
    const compared: Compared = {
      kinds: new Map(known.map(({ logicalId, kind }) => [logicalId, kind])),
      former: new Set(
        known.flatMap(({ former }) => (former?.stack === stack.name ? [former.logicalId] : [])),
      ),
    };
    return [...outcome.flatMap((told) => unexpectedChange(stack, told, compared)), totals(stack, outcome)];
  } finally {
    client.destroy();
  }
}

/** Returns the changes that CloudFormation reports, or its reason for refusing the change set. */
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
  // An interrupted review may have left a change set of this name.
  await remove();
  try {
    await client.send(
      new CreateChangeSetCommand({
        ...target,
        ...(await upload.location()),
        ChangeSetType: 'UPDATE',
        Description: 'framework53 review reads and deletes this change set',
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
        Parameters: Parameters.filter(({ ParameterKey }) =>
          Object.hasOwn(stack.template.Parameters ?? {}, ParameterKey!),
        ).map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      }),
    );
    return await read(client, target, pollSeconds);
  } finally {
    await Promise.all([remove(), upload.remove()]);
  }
}

/** Waits until CloudFormation has created the change set, and reads all of its pages. */
async function read(
  client: CloudFormationClient,
  target: { StackName: string; ChangeSetName: string },
  pollSeconds: number,
): Promise<readonly Told[] | string> {
  const { DescribeChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const until = Date.now() + LONGEST * 1000;
  for (;;) {
    const first = await client.send(new DescribeChangeSetCommand(target));
    const { Status = 'without a status', StatusReason = 'CloudFormation gives no reason' } = first;
    if (Status === 'CREATE_COMPLETE') {
      const told: Told[] = [];
      const lists = pages(
        async (NextToken) =>
          NextToken === undefined
            ? first
            : client.send(new DescribeChangeSetCommand({ ...target, NextToken })),
        ({ NextToken }) => NextToken,
      );
      for await (const { Changes = [] } of lists)
        told.push(...Changes.flatMap(({ ResourceChange }) => ResourceChange ?? []));
      return told;
    }
    if (Status === 'FAILED')
      return NO_CHANGES.test(StatusReason) ? [] : StatusReason.slice(0, LONGEST_REASON);
    if (!/PENDING|IN_PROGRESS/.test(Status)) return `its status is ${Status.slice(0, LONGEST_REASON)}`;
    if (Date.now() > until) return `CloudFormation did not create the change set within ${LONGEST} seconds`;
    await new Promise((resolve) => setTimeout(resolve, pollSeconds * 1000));
  }
}

/** The changes of a stack that the comparison of the plans found. */
interface Compared {
  /** Kinds of change by logical id. */
  readonly kinds: ReadonlyMap<string, Change['kind']>;
  /** Former logical ids of renamed resources. */
  readonly former: ReadonlySet<string>;
}

/** Reports a replacement, a removal or an unknown action that CloudFormation sees and the review does not. */
function unexpectedChange(stack: PlannedStack, told: Told, { kinds, former }: Compared): ReviewFinding[] {
  const { LogicalResourceId: logicalId = '', ResourceType: resourceType = '', Action = 'none' } = told;
  const replacement: string = told.Replacement ?? 'False';
  const kind = kinds.get(logicalId);
  const goes = ['removed', 'replaced', 'renamed'];
  const isReplaced = Action === 'Modify' && replacement === 'True' && !goes.includes(kind ?? '');
  const isUnknown = !KNOWN_ACTIONS.includes(Action);
  const mayBe =
    Action === 'Modify' &&
    !['True', 'False'].includes(replacement) &&
    !['may-replace', ...goes].includes(kind ?? '');
  const isRemoved = Action === 'Remove' && kind !== 'removed' && !former.has(logicalId);
  if (!isReplaced && !mayBe && !isRemoved && !isUnknown) return [];
  const causes = [...new Set((told.Details ?? []).flatMap(({ Target }) => Target?.Name ?? []))];
  const path = stack.constructPaths[logicalId] ?? `${stack.name}/${logicalId}`;
  const verb = isRemoved
    ? 'deletes'
    : isUnknown
      ? `will do ${show(Action)} with`
      : mayBe
        ? 'may replace'
        : 'replaces';
  return [
    {
      rule: CHANGE_SET_RULE,
      severity: holderOfType(resourceType)?.primary && (isReplaced || isRemoved) ? 'danger' : 'caution',
      place: { stack: stack.name, logicalId, resourceType, path },
      what: `CloudFormation reports that it ${verb} this ${typeName(resourceType)}${causes.length > 0 ? `, because of ${list(causes)}` : ''}. The comparison of the plans does not show this.`,
      why: isRemoved
        ? 'The deployed stack differs from the compared plan.'
        : isUnknown
          ? 'The review does not know the effect of this action.'
          : 'A replacement creates a new, empty resource with another name or address.',
      fix: [
        'Treat the change as CloudFormation reports it.',
        'Report the type and the property as an issue of this package.',
      ],
      link: PAGE,
    },
  ];
}

/** Returns a finding with the number of changes that CloudFormation reports. */
function totals({ name }: PlannedStack, told: readonly Told[]): ReviewFinding {
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
    what: `CloudFormation’s change set changes ${count(told.length, 'resource')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.`,
    why: 'CloudFormation calculated it from the deployed stack. The review has deleted the change set.',
    fix: ['No action is needed.'],
    link: PAGE,
  };
}

function refused({ name }: PlannedStack, reason: string): ReviewFinding {
  return {
    rule: CHANGE_SET_RULE,
    severity: 'danger',
    place: { stack: name, logicalId: '', resourceType: '', path: name },
    what: `CloudFormation refuses the change set: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`,
    why: 'CloudFormation would refuse the deployment for the same reason.',
    fix: ['Correct the reported error.'],
    link: PAGE,
  };
}
