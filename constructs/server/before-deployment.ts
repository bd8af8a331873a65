import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isRollingBack } from '../handler/stack-status';
import type { QuietAlarmsProperties } from './running-release.properties';
import { isSettled, latestDeployment, outcomeOf } from './service-deployment';
import { WARM_UP, type WarmUp } from './warm-up';

const cloudWatch = new CloudWatchClient({});
const lambda = new LambdaClient({});

/** Time after which a function in a VPC that was idle has its network interfaces again. */
const WARM_UP_MS = Number(process.env.WARM_UP_MS ?? 8 * 60_000);
const POLL_MS = Number(process.env.POLL_MS ?? 10_000);
/** Time after a rollback alarm has changed, in which it may fire again. */
const RECENT_MS = 3_600_000;

/**
 * Prepares the deployment that follows. Fails for a new release while a rollback alarm is firing. On the way back of the
 * stack, and for a release that is deployed in spite of firing alarms, suspends the rollback alarms.
 */
export async function beforeDeployment(event: CloudFormationCustomResourceEvent): Promise<void> {
  const properties = event.ResourceProperties as unknown as QuietAlarmsProperties;
  const old = event.RequestType === 'Update' ? event.OldResourceProperties.TaskDefinition : undefined;
  const isNewer = old === undefined || revision(properties.TaskDefinition) > revision(old as string);
  const goingBack = event.RequestType === 'Update' && ((await isRollingBack(event.StackId)) ?? !isNewer);
  if (goingBack) return suspendFor(properties);
  await suspend(properties, false);
  if (!isNewer) return;
  if (properties.WhenFiring === 'warn') await suspendIfUnquiet(properties);
  else await requireQuietAlarms(properties);
  if (properties.Hook) await warmUp(properties.Hook);
}

/** Sets whether ECS ignores the rollback alarms in deployments that begin from now on. */
export async function suspend(
  { Suspension }: Pick<QuietAlarmsProperties, 'Suspension'>,
  isSuspended: boolean,
): Promise<void> {
  await cloudWatch.send(
    new SetAlarmStateCommand({
      AlarmName: Suspension,
      StateValue: isSuspended ? 'ALARM' : 'OK',
      StateReason: isSuspended
        ? 'The next deployment leaves a release for which the rollback alarms may fire'
        : 'The rollback alarms judge each deployment',
    }),
  );
}

/**
 * Suspends the rollback alarms if a deployment follows. The release that is left has users until they move, so it makes
 * the alarms fire, and ECS would take users back to it.
 */
async function suspendFor(properties: QuietAlarmsProperties): Promise<void> {
  const isThere = await alreadyRuns(properties).catch((error: unknown) => {
    log('warn', `ECS cannot be asked what runs: ${error}`);
    return false;
  });
  if (isThere) return log('info', 'the former release runs, so no deployment follows');
  await suspend(properties, true);
  log('warn', 'the rollback alarms are suspended for the deployment of the former release');
}

async function alreadyRuns({ Cluster, Service, TaskDefinition }: QuietAlarmsProperties): Promise<boolean> {
  const latest = await latestDeployment(Cluster, Service);
  return isSettled(latest) && (await outcomeOf(latest)).running === TaskDefinition;
}

async function requireQuietAlarms({ Alarms }: QuietAlarmsProperties): Promise<void> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...Alarms], StateValue: 'ALARM' }),
  );
  if (MetricAlarms.length === 0) return;
  const firing = MetricAlarms.map(({ AlarmName, StateUpdatedTimestamp }) =>
    [AlarmName, StateUpdatedTimestamp && `since ${StateUpdatedTimestamp.toISOString()}`].join(' '),
  ).join(', ');
  throw new Error(
    `rollback alarms are firing: ${firing}. They could not judge this release. Wait until they are quiet, ` +
      "or deploy the remedy with 'whenFiring' set to 'warn'",
  );
}

/** Suspends the rollback alarms if one of them fires, or has changed lately and may fire again. */
async function suspendIfUnquiet(properties: QuietAlarmsProperties): Promise<void> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...properties.Alarms] }),
  );
  const unquiet = MetricAlarms.filter(
    ({ StateValue, StateTransitionedTimestamp }) =>
      StateValue === 'ALARM' || (StateTransitionedTimestamp?.getTime() ?? 0) > Date.now() - RECENT_MS,
  );
  if (unquiet.length === 0) return;
  await suspend(properties, true);
  const names = unquiet.map(({ AlarmName }) => AlarmName).join(', ');
  log('warn', `rollback alarms are firing or have fired lately: ${names}. They do not judge this release`);
}

/**
 * Invokes the function of the lifecycle hook until it answers. If a function in a VPC is idle for weeks, Lambda takes its
 * network interfaces away and fails the next invocation, and ECS would take the release back.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
async function warmUp(FunctionName: string): Promise<void> {
  const event: WarmUp = { [WARM_UP]: true };
  const end = Date.now() + WARM_UP_MS;
  for (;;) {
    try {
      const { FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      if (!FunctionError) return;
      throw new Error(`it ended with ${FunctionError}`);
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`the verification of a new release cannot be invoked (${FunctionName}): ${error}`);
      log('info', `invoking ${FunctionName} again: ${error}`);
    }
    await wait(POLL_MS);
  }
}

/** Number of a task definition. */
export function revision(taskDefinition: string): number {
  return Number(taskDefinition.split(':').at(-1));
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
