import { setTimeout as wait } from 'node:timers/promises';
import {
  DeregisterTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { customResource } from '../handler/custom-resource';
import { isRollingBack } from '../handler/stack-status';
import { beforeDeployment, revision, suspend } from './before-deployment';
import { QUIET_ALARMS, type RunningReleaseProperties } from './running-release.properties';
import { isSettled, latestDeployment, outcomeOf } from './service-deployment';

const ecs = new ECSClient({});

const POLL_MS = Number(process.env.POLL_MS ?? 10_000);

export const handler = customResource(
  async (event) => {
    if (event.RequestType === 'Delete') return undefined;
    if (event.ResourceType === QUIET_ALARMS) await beforeDeployment(event);
    else await verifyRunning(event.ResourceProperties as unknown as RunningReleaseProperties);
    return undefined;
  },
  { isRollingBack },
);

/** Fails unless the service runs the given revision after its deployment has ended. */
async function verifyRunning(properties: RunningReleaseProperties): Promise<void> {
  const { Cluster, Service, TaskDefinition } = properties;
  const deployment = await settledDeployment(Cluster, Service);
  // If this call fails, the gate of the next release resets the alarm.
  await suspend(properties, false).catch((error: unknown) =>
    log('warn', `cannot reactivate the rollback alarms: ${error}`),
  );
  const { running, reason } = await outcomeOf(deployment);
  if (running !== TaskDefinition)
    throw new Error(
      `the service runs ${shortName(running)}, not ${shortName(TaskDefinition)} of this release; ` +
        `its last deployment is ${deployment.status}: ${reason}`,
    );
  log('info', `the service runs ${shortName(TaskDefinition)}`);
  await deregisterOldRevisions(TaskDefinition, Number(properties.Keep)).catch((error: unknown) =>
    log('warn', `cannot deregister old task definitions: ${error}`),
  );
}

/**
 * Waits until the latest deployment has ended. CloudFormation waits too, but possibly only until the clean-up phase.
 */
async function settledDeployment(cluster: string, service: string): Promise<ServiceDeploymentBrief> {
  for (;;) {
    const latest = await latestDeployment(cluster, service);
    if (isSettled(latest)) return latest;
    await wait(POLL_MS);
  }
}

/** Deregisters the oldest revisions, but never the running one or a newer one. */
async function deregisterOldRevisions(running: string, keep: number): Promise<void> {
  const family = shortName(running).replace(/:\d+$/, '');
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, status: 'ACTIVE', sort: 'DESC' }),
  );
  const old = taskDefinitionArns.slice(keep).filter((arn) => revision(arn) < revision(running));
  for (const taskDefinition of old) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  if (old.length > 0) log('info', `deregistered ${old.map(shortName).join(', ')}`);
}

function shortName(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1)!;
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
