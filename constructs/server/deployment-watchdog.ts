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

/** Minutes that a stage may take beyond its plan. */
const MARGIN_MINUTES = 10;

/**
 * The watchdog that ends a deployment which does not make progress.
 *
 * Defines a rule for each deployment of the service, and a state machine that follows the deployment. The state machine
 * has ECS roll the deployment back when its tasks do not become healthy in time, or when a later stage exceeds its time.
 * While it follows a deployment, it puts a metric. Without the watchdog ECS would wait up to 24 hours, because its circuit
 * breaker is for rolling deployments only.
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
      // Step Functions writes under this prefix without a growing resource policy.
      logGroupName: `/aws/vendedlogs/states/${props.name}-deployment-watchdog`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${props.name}-deployment-watchdog`,
      comment: 'Rolls back a deployment that does not get on',
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
      'A deployment gets its id when it starts; these are the deployments of this one service.',
    );
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Deliveries of logs and traces have no name to restrict by; metrics are restricted by their namespace.',
    );

    new Rule(this, 'Started', {
      description: `A deployment of ${props.name} has started`,
      eventPattern: {
        source: ['aws.ecs'],
        // ECS documents the same event under either type; following a deployment twice does no harm.
        detailType: ['ECS Deployment State Change', 'ECS Service Action'],
        resources: [service],
        detail: { eventName: ['SERVICE_DEPLOYMENT_IN_PROGRESS'] },
      },
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }
}
