import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { deploymentMetric } from './deployment-metric';
import { type DeploymentStrategy, VERIFICATION_MINUTES } from './deployment-strategy';
import { type WatchdogLimits, watchdogDefinition } from './deployment-watchdog-definition';

export interface DeploymentWatchdogProps {
  /** Name of the service. */
  readonly name: string;
  readonly clusterName: string;
  readonly strategy: DeploymentStrategy;
}

/** Minutes by which a stage may exceed its plan. */
const MARGIN_MINUTES = 10;

/**
 * Stops a deployment that makes no progress.
 *
 * Defines a rule that matches each deployment of the service, and a state machine that follows the deployment. If the
 * tasks do not become healthy in time, or if a later stage exceeds its time, the state machine has ECS roll the
 * deployment back. It writes a metric while it follows a deployment. Without the watchdog, ECS can wait up to 24
 * hours, because its circuit breaker covers rolling deployments only.
 */
export class DeploymentWatchdog extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: DeploymentWatchdogProps) {
    super(scope, id);

    const stack = Stack.of(this);
    const path = `${props.clusterName}/${props.name}`;
    const service = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: path });
    const deployments = stack.formatArn({
      service: 'ecs',
      resource: 'service-deployment',
      resourceName: `${path}/*`,
    });
    const { bakeTime, healthyWithin, shiftMinutes } = props.strategy;
    const limits: WatchdogLimits = {
      starting: healthyWithin,
      testing: Duration.minutes(VERIFICATION_MINUTES),
      shifting: Duration.minutes(shiftMinutes + MARGIN_MINUTES),
      baking: bakeTime.plus(Duration.minutes(MARGIN_MINUTES)),
    };
    const total = Object.values(limits).reduce((sum, limit) => sum.plus(limit), Duration.hours(1));
    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // Log groups with this prefix need no entry in the account's resource policy for Step Functions.
      logGroupName: `/aws/vendedlogs/states/${props.name}-deployment-watchdog`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${props.name}-deployment-watchdog`,
      comment: 'Rolls back a deployment that makes no progress',
      definitionBody: DefinitionBody.fromString(JSON.stringify(watchdogDefinition(props, limits, total))),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['ecs:ListServiceDeployments'], resources: [service] }),
    );
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'],
        resources: [deployments],
      }),
    );
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': deploymentMetric(props.name).namespace } },
      }),
    );
    acknowledge(
      this.stateMachine,
      `IAM5[Resource::${deployments}]`,
      'ECS assigns the id of a deployment when it starts. The wildcard covers the deployments of this one service.',
    );
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Log delivery and X-Ray actions have no resource to restrict. The metric is restricted by its namespace.',
    );

    new Rule(this, 'Started', {
      description: `A deployment of ${props.name} has started`,
      eventPattern: {
        source: ['aws.ecs'],
        // ECS documents this event under both types. It does no harm if two executions follow the same deployment.
        detailType: ['ECS Deployment State Change', 'ECS Service Action'],
        resources: [service],
        detail: { eventName: ['SERVICE_DEPLOYMENT_IN_PROGRESS'] },
      },
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }
}
