import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import type { RollbackAlarms } from './rollback-alarms';
import {
  QUIET_ALARMS,
  type QuietAlarmsProperties,
  RUNNING_RELEASE,
  type RunningReleaseProperties,
} from './running-release.properties';

export interface ReleaseGateProps {
  /** Name of the service. */
  readonly name: string;
  readonly clusterName: string;
  readonly service: FargateService;
  readonly taskDefinition: FargateTaskDefinition;
  readonly alarms: RollbackAlarms;
  /**
   * Function of the lifecycle hook. The gate invokes it before a deployment.
   * @default - the service has no lifecycle hook
   */
  readonly hook?: IFunction;
  /**
   * Effect of a firing rollback alarm on a new release.
   * @default 'refuse'
   */
  readonly whenFiring?: 'refuse' | 'warn';
  /**
   * Number of task definition revisions that stay registered, including the running one.
   * @default 20
   */
  readonly maxTaskDefinitionRevisions?: number;
}

/**
 * Gate before a deployment, and check after it.
 *
 * Defines two custom resources and their handler. The gate fails while a rollback alarm is firing, and warms up the
 * function of the lifecycle hook. During a stack rollback, the gate suspends the rollback alarms instead. The check
 * fails unless the service runs the task definition of this template.
 */
export class ReleaseGate extends Construct {
  /** Gate before the deployment. The service depends on it. */
  readonly before: CustomResource;
  /** Check after the deployment. It depends on the service. */
  readonly after: CustomResource;

  constructor(scope: Construct, id: string, props: ReleaseGateProps) {
    super(scope, id);

    const handler = this.handler(props);
    const { taskDefinitionArn: TaskDefinition } = props.taskDefinition;
    const common = {
      Cluster: props.clusterName,
      Service: props.name,
      Suspension: props.alarms.suspension.alarmName,
    };
    const quiet: QuietAlarmsProperties = {
      ...common,
      Alarms: props.alarms.all.map((alarm) => alarm.alarmName),
      TaskDefinition,
      WhenFiring: props.whenFiring ?? 'refuse',
      Hook: props.hook?.functionArn,
    };
    this.before = new CustomResource(this, 'QuietAlarms', {
      serviceToken: handler.function.functionArn,
      resourceType: QUIET_ALARMS,
      serviceTimeout: Duration.minutes(15),
      properties: quiet,
    });
    const running: RunningReleaseProperties = {
      ...common,
      TaskDefinition,
      Keep: String(props.maxTaskDefinitionRevisions ?? 20),
    };
    this.after = new CustomResource(this, 'RunningRelease', {
      serviceToken: handler.function.functionArn,
      resourceType: RUNNING_RELEASE,
      serviceTimeout: Duration.minutes(15),
      properties: running,
    });
    props.service.node.addDependency(this.before);
    this.after.node.addDependency(props.service);
    // The handler needs its own policy and the policy of the hook before it runs.
    this.before.node.addDependency(handler, ...(props.hook ? [props.hook] : []));
  }

  private handler(props: ReleaseGateProps): HandlerFunction {
    const stack = Stack.of(this);
    const path = `${props.clusterName}/${props.name}`;
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName });
    const deployments = arn('service-deployment', `${path}/*`);
    const revisions = arn('service-revision', `${path}/*`);
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'running-release',
      description: 'Prepares a deployment, and checks the running revision afterwards',
      timeout: Duration.minutes(14),
    });
    for (const [actions, resources] of [
      [['ecs:ListServiceDeployments'], [arn('service', path)]],
      [['ecs:DescribeServiceDeployments'], [deployments]],
      [['ecs:DescribeServiceRevisions'], [revisions]],
      [['cloudwatch:DescribeAlarms', 'ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'], ['*']],
      [['cloudwatch:SetAlarmState'], [props.alarms.suspension.alarmArn]],
      [['cloudformation:DescribeStacks'], [stack.stackId]],
      ...(props.hook ? ([[['lambda:InvokeFunction'], [props.hook.functionArn]]] as const) : []),
    ] as const)
      handler.function.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources] }),
      );
    for (const resource of [deployments, revisions])
      acknowledge(
        handler,
        `IAM5[Resource::${resource}]`,
        'ECS assigns the ids of deployments and revisions. The wildcard covers those of this one service.',
      );
    acknowledge(
      handler,
      'IAM5[Resource::*]',
      'DescribeAlarms for several alarms, ListTaskDefinitions and DeregisterTaskDefinition cannot be restricted.',
    );
    return handler;
  }
}
