import { PlanError } from '../core/plan-error';
import { found, need, type Properties } from '../core/properties';
import type { ResourceRequest } from '../core/resource-handler';
import type { DeploymentOptions, ServiceOptions } from './deployment';
import type { Ecs } from './ecs';

/** Reads the properties of a service. */
export function serviceOptions(ecs: Ecs, request: ResourceRequest, serviceArn: string): ServiceOptions {
  const { properties, id } = request;
  const { targetGroups, rules } = ecs.neighbours.elbv2;
  const taskDefinition = need(request, 'TaskDefinition');
  const { container } = found(request, 'TaskDefinition', ecs.taskDefinitions, taskDefinition);
  const [target] = need<Properties[]>(request, 'LoadBalancers');
  const { ContainerPort, ContainerName, TargetGroupArn, AdvancedConfiguration: blueGreen } = target!;
  if (ContainerName !== container.name)
    throw new PlanError(
      id,
      'LoadBalancers.ContainerName',
      `names '${ContainerName}', but the task has '${container.name}'`,
    );
  if (!container.ports.includes(Number(ContainerPort)))
    throw new PlanError(
      id,
      'LoadBalancers.ContainerPort',
      `is ${ContainerPort}, but the task has the ports ${container.ports.join(', ') || 'none'}`,
    );
  const group = (key: string) => found(request, 'LoadBalancers', targetGroups, key);
  const rule = (key: string) => found(request, 'LoadBalancers.AdvancedConfiguration', rules, key);
  return {
    logicalId: id,
    party: { name: id, stack: request.stack.name },
    arn: serviceArn,
    taskDefinition,
    port: Number(ContainerPort),
    groups: [group(TargetGroupArn), ...(blueGreen ? [group(blueGreen.AlternateTargetGroupArn)] : [])],
    production: blueGreen && rule(blueGreen.ProductionListenerRule),
    test: blueGreen?.TestListenerRule && rule(blueGreen.TestListenerRule),
    ...deploymentOptions(ecs, id, properties['DeploymentConfiguration'] ?? {}),
  };
}

/**
 * Reads a service's `DeploymentConfiguration`.
 * @param id logical id of the service
 */
export function deploymentOptions(
  { neighbours: { functions, alarms } }: Ecs,
  id: string,
  configuration: Properties,
): DeploymentOptions {
  const {
    Alarms,
    LifecycleHooks = [],
    DeploymentCircuitBreaker,
    BakeTimeInMinutes,
    Strategy = 'ROLLING',
    CanaryConfiguration: canary,
    LinearConfiguration: linear,
  } = configuration;
  return {
    configuration,
    hooks: LifecycleHooks.map((hook: Properties) => ({
      handler: found({ id }, 'DeploymentConfiguration.LifecycleHooks', functions, hook['HookTargetArn']),
      arn: hook['HookTargetArn'],
      role: String(hook['RoleArn']),
      stages: hook['LifecycleStages'],
      details: hook['HookDetails'],
    })),
    steps: [
      ...(Strategy === 'CANARY'
        ? [{ percent: Number(canary.CanaryPercent), minutes: Number(canary.CanaryBakeTimeInMinutes) }]
        : []),
      ...(Strategy === 'LINEAR'
        ? Array.from({ length: Math.ceil(100 / Number(linear.StepPercent)) - 1 }, (_, n) => ({
            percent: Number(linear.StepPercent) * (n + 1),
            minutes: Number(linear.StepBakeTimeInMinutes),
          }))
        : []),
    ],
    strategy: Strategy,
    bakeMinutes: Number(BakeTimeInMinutes ?? 0),
    alarms: (Alarms?.Enable && Alarms.Rollback ? (Alarms.AlarmNames as string[]) : []).map((name) =>
      found({ id }, 'DeploymentConfiguration.Alarms.AlarmNames', alarms, name),
    ),
    circuitBreaker: DeploymentCircuitBreaker?.Enable === true,
  };
}
