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

/** Longest time that Lambda needs to reattach an idle function to its VPC. */
const WARM_UP_MS = Number(process.env.WARM_UP_MS ?? 8 * 60_000);
const POLL_MS = Number(process.env.POLL_MS ?? 10_000);
/** Period after a state change in which a rollback alarm counts as unsettled. */
const RECENT_MS = 3_600_000;

/**
 * Prepares the next deployment. For a new release, it fails while a rollback alarm is firing. It suspends the rollback
 * alarms during a stack rollback, and for a release with `whenFiring: 'warn'`.
 */
export async function beforeDeployment(event: CloudFormationCustomResourceEvent): Promise<void> {
  const properties = event.ResourceProperties as unknown as QuietAlarmsProperties;
  const old = event.RequestType === 'Update' ? event.OldResourceProperties.TaskDefinition : undefined;
  const isNewer = old === undefined || revision(properties.TaskDefinition) > revision(old as string);
  const rollingBack = event.RequestType === 'Update' && ((await isRollingBack(event.StackId)) ?? !isNewer);
  if (rollingBack) return suspendFor(properties);
  await suspend(properties, false);
  if (!isNewer) return;
  if (properties.WhenFiring === 'warn') await suspendIfRecentlyFiring(properties);
  else await refuseFiringAlarms(properties);
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
        ? 'Rollback alarms are suspended for the next deployment, because the release that it replaces may make them fire'
        : 'Rollback alarms are active: they can roll back a deployment',
    }),
  );
}

/**
 * Suspends the rollback alarms if a deployment follows. The failed release keeps serving users until the traffic has
 * moved. It can make the alarms fire, and ECS would then roll the traffic back to it.
 */
async function suspendFor(properties: QuietAlarmsProperties): Promise<void> {
  const isThere = await alreadyRuns(properties).catch((error: unknown) => {
    log('warn', `cannot read the running revision from ECS: ${error}`);
    return false;
  });
  if (isThere) return log('info', 'the previous release is already running, so no deployment follows');
  await suspend(properties, true);
  log('warn', 'suspended the rollback alarms for the deployment of the previous release');
}

async function alreadyRuns({ Cluster, Service, TaskDefinition }: QuietAlarmsProperties): Promise<boolean> {
  const latest = await latestDeployment(Cluster, Service);
  return isSettled(latest) && (await outcomeOf(latest)).running === TaskDefinition;
}

async function refuseFiringAlarms({ Alarms }: QuietAlarmsProperties): Promise<void> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...Alarms], StateValue: 'ALARM' }),
  );
  if (MetricAlarms.length === 0) return;
  const firing = MetricAlarms.map(({ AlarmName, StateUpdatedTimestamp }) =>
    [AlarmName, StateUpdatedTimestamp && `since ${StateUpdatedTimestamp.toISOString()}`].join(' '),
  ).join(', ');
  throw new Error(
    `rollback alarms are firing: ${firing}. ECS would ignore them during this release. Wait until they are OK, ` +
      "or set 'whenFiring' to 'warn' to deploy a fix",
  );
}

/** Suspends the rollback alarms if one of them is firing or has changed its state within the last hour. */
async function suspendIfRecentlyFiring(properties: QuietAlarmsProperties): Promise<void> {
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
  log(
    'warn',
    `rollback alarms are firing or changed within the last hour: ${names}. They are suspended for this release`,
  );
}

/**
 * Invokes the function of the lifecycle hook until it answers. When a function in a VPC has been idle for weeks,
 * Lambda removes its network interfaces and fails the next invocation. ECS would then roll the release back.
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
      throw new Error(`the function failed with ${FunctionError}`);
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`cannot invoke the verification function ${FunctionName}: ${error}`);
      log('info', `retrying the invocation of ${FunctionName}: ${error}`);
    }
    await wait(POLL_MS);
  }
}

/** Returns the revision number of a task definition. */
export function revision(taskDefinition: string): number {
  return Number(taskDefinition.split(':').at(-1));
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
