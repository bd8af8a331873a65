import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type StackEvent,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DeliveryError } from './refused';

export interface ExecuteOptions {
  readonly client: CloudFormationClient;
  readonly stack: string;
  readonly terminationProtection: boolean | undefined;
  /** Construct path by logical id, for messages about the steps of a release. */
  readonly paths: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
  readonly pollMs: number;
  /** Throws if the deployment must stop. */
  readonly check: () => void;
}

/** Longest wait for a stack. A release has a bake time and custom resources of at most some hours. */
const LONGEST_MS = 24 * 3_600_000;

/** The steps of a release (§8.2), by the construct that a resource belongs to. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/\/Migrations\//, '1 migrations'],
  [/\/Server\/.*(Service|RunningRelease|QuietRollbackAlarms)/, '2 server'],
  [/\/Client\/(Files|Upload|Release|Fallback)/, '3 client'],
  [/\/(Verification|ErrorComparison)\//, 'verification'],
  [/\/Record\//, 'record'],
];

/** Executes a verified change set, and waits for CloudFormation to finish. */
export async function executeChangeSet(id: string, options: ExecuteOptions): Promise<void> {
  const { client, stack, terminationProtection } = options;
  if (terminationProtection !== undefined)
    await client.send(
      new UpdateTerminationProtectionCommand({
        StackName: stack,
        EnableTerminationProtection: terminationProtection,
      }),
    );
  await client.send(
    new ExecuteChangeSetCommand({
      StackName: stack,
      ChangeSetName: id,
      // With the same token, a repeated request after a lost answer does not execute twice.
      ClientRequestToken: id
        .split('/')
        .at(-1)!
        .replace(/[^A-Za-z0-9-]/g, ''),
    }),
  );
  await awaitStack(options);
}

/** Waits for the creation or update of a stack. @throws DeliveryError if CloudFormation rolls it back */
export async function awaitStack(options: ExecuteOptions): Promise<void> {
  const { client, stack, progress, pollMs, check } = options;
  const told = new Set<string>();
  let since = new Date(Date.now() - 5 * 60_000);
  let step = '';
  for (const started = performance.now(); ; ) {
    check();
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const status = Stacks[0]?.StackStatus ?? 'gone';
    since = Stacks[0]?.LastUpdatedTime ?? Stacks[0]?.CreationTime ?? since;
    const events = (await newEvents(client, stack, since)).filter(({ EventId = '' }) => !told.has(EventId));
    for (const event of events) {
      told.add(event.EventId!);
      const now = stepOf(event, options.paths);
      if (now && now !== step) progress(`  ${stack}: ${now}`);
      step = now ?? step;
      if (/_FAILED$/.test(event.ResourceStatus ?? ''))
        progress(
          `  ${stack}: ✗ ${event.LogicalResourceId}: ${event.ResourceStatusReason ?? event.ResourceStatus}`,
        );
    }
    if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return progress(`  ${stack}: ${status}`);
    if (!/_IN_PROGRESS$/.test(status)) throw await failure(client, stack, status, since);
    if (performance.now() - started > LONGEST_MS)
      throw new DeliveryError(
        `${stack} is still ${status} after ${LONGEST_MS / 3_600_000} hours; CloudFormation continues without this command; run the command again once the stack has settled`,
      );
    await pause(pollMs);
  }
}

/** Returns no events if they cannot be read, because the status of the stack decides about its outcome. */
async function newEvents(client: CloudFormationClient, stack: string, since: Date): Promise<StackEvent[]> {
  const { StackEvents = [] } = await client
    .send(new DescribeStackEventsCommand({ StackName: stack }))
    .catch(() => ({ StackEvents: [] }));
  return StackEvents.filter(({ Timestamp }) => Timestamp !== undefined && Timestamp >= since).reverse();
}

async function failure(
  client: CloudFormationClient,
  stack: string,
  status: string,
  since: Date,
): Promise<DeliveryError> {
  const failed = (await newEvents(client, stack, since)).filter(
    ({ ResourceStatus = '', ResourceStatusReason = '' }) =>
      /_FAILED$/.test(ResourceStatus) && !/cancelled/i.test(ResourceStatusReason),
  );
  const [first] = failed;
  return new DeliveryError(
    `${stack} is ${status}${first ? `: ${first.LogicalResourceId}: ${first.ResourceStatusReason}` : ''}`,
  );
}

function stepOf({ LogicalResourceId = '' }: StackEvent, paths: ExecuteOptions['paths']): string | undefined {
  const path = paths[LogicalResourceId];
  return path && STEPS.find(([pattern]) => pattern.test(path))?.[1];
}
