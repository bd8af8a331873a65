import { PlanError } from '../core/template';
import { found, need, type Properties, type ResourceRequest } from '../resource-handler';
import type { DeploymentOptions, ServiceOptions } from './deployment';

/** What a service's properties say about its deployments. */
export function serviceOptions(turn: ResourceRequest, serviceArn: string): ServiceOptions {
  const { cloud, properties, id } = turn;
  const taskDefinition = need(turn, 'TaskDefinition');
  const { container } = found(turn, 'TaskDefinition', cloud.taskDefinitions, taskDefinition);
  const [target] = need<Properties[]>(turn, 'LoadBalancers');
  const { ContainerPort, ContainerName, TargetGroupArn, AdvancedConfiguration: colours } = target!;
  if (ContainerName !== container.name)
    throw new PlanError(
      id,
      'LoadBalancers.ContainerName',
      `names '${ContainerName}', and the task has '${container.name}'`,
    );
  if (!container.ports.includes(Number(ContainerPort)))
    throw new PlanError(
      id,
      'LoadBalancers.ContainerPort',
      `is ${ContainerPort}, and the task has the ports ${container.ports.join(', ')}`,
    );
  const group = (key: string) => found(turn, 'LoadBalancers', cloud.targetGroups, key);
  const rule = (key: string) => found(turn, 'LoadBalancers.AdvancedConfiguration', cloud.rules, key);
  return {
    logicalId: id,
    arn: serviceArn,
    taskDefinition,
    port: Number(ContainerPort),
    groups: [group(TargetGroupArn), ...(colours ? [group(colours.AlternateTargetGroupArn)] : [])],
    production: colours && rule(colours.ProductionListenerRule),
    test: colours?.TestListenerRule && rule(colours.TestListenerRule),
    ...deploymentOptions(turn, properties['DeploymentConfiguration'] ?? {}),
  };
}

/** How a service says that its releases get there. */
export function deploymentOptions(
  turn: Pick<ResourceRequest, 'cloud' | 'id'>,
  configuration: Properties,
): DeploymentOptions {
  const { cloud } = turn;
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
    hooks: LifecycleHooks.map((hook: Properties) => {
      found(turn, 'DeploymentConfiguration.LifecycleHooks', cloud.functions, hook['HookTargetArn']);
      return {
        function: hook['HookTargetArn'],
        stages: hook['LifecycleStages'],
        details: hook['HookDetails'],
      };
    }),
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
      found(turn, 'DeploymentConfiguration.Alarms.AlarmNames', cloud.alarms, name),
    ),
    circuitBreaker: DeploymentCircuitBreaker?.Enable === true,
  };
}
