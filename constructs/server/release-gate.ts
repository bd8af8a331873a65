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
   * Function of the lifecycle hook, which is invoked before a deployment.
   * @default - the service has no lifecycle hook
   */
  readonly hook?: IFunction;
  /**
   * Effect of a firing rollback alarm on a new release.
   * @default 'refuse'
   */
  readonly whenFiring?: 'refuse' | 'warn';
  /**
   * Number of task definitions that stay registered, the running one included.
   * @default 20
   */
  readonly maxTaskDefinitionRevisions?: number;
}

/**
 * The gate before a deployment, and the check after it.
 *
 * Defines two custom resources and their handler. The first fails while a rollback alarm is firing, and wakes the function
 * of the lifecycle hook. On the way back it suspends the rollback alarms. The second fails unless the task definition of
 * this template is the one that runs.
 */
export class ReleaseGate extends Construct {
  /** Gate, which the service depends on. */
  readonly before: CustomResource;
  /** Check, which depends on the service. */
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
    // Before its policy and that of the hook are there, the handler may not act.
    this.before.node.addDependency(handler, ...(props.hook ? [props.hook] : []));
  }

  private handler(props: ReleaseGateProps): HandlerFunction {
    const stack = Stack.of(this);
    const path = `${props.clusterName}/${props.name}`;
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName });
    const numbered = [arn('service-deployment', `${path}/*`), arn('service-revision', `${path}/*`)];
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'running-release',
      description: 'Prepares a deployment, and checks the running revision after it',
      timeout: Duration.minutes(14),
    });
    for (const [actions, resources] of [
      [['ecs:ListServiceDeployments'], [arn('service', path)]],
      [['ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'], numbered],
      [['cloudwatch:DescribeAlarms', 'ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'], ['*']],
      [['cloudwatch:SetAlarmState'], [props.alarms.suspension.alarmArn]],
      [['cloudformation:DescribeStacks'], [stack.stackId]],
      ...(props.hook ? ([[['lambda:InvokeFunction'], [props.hook.functionArn]]] as const) : []),
    ] as const)
      handler.function.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources] }),
      );
    for (const resource of numbered)
      acknowledge(
        handler,
        `IAM5[Resource::${resource}]`,
        'Deployments and revisions get their ids from ECS; these are those of this one service.',
      );
    acknowledge(
      handler,
      'IAM5[Resource::*]',
      'Describing several alarms, and listing and deregistering task definitions, cannot be restricted.',
    );
    return handler;
  }
}
