import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import type { DatabaseRoles } from './database-roles';
import type { RotationTarget } from './database-rotation.properties';
import { rotationDefinition } from './rotation-definition';

/** The service whose tasks use the database, by its fixed names: it lives in another stack. */
export interface ServiceNames {
  readonly clusterName: string;
  readonly serviceName: string;
}

/** Choices about the rotation of passwords. */
export interface RotationOptions {
  /**
   * When passwords are renewed, in UTC.
   * @default the first Sunday of each month at 05:00
   */
  readonly schedule?: Schedule;
  /**
   * How long the service may take to replace its tasks, bake time and pauses included.
   * @default 3 hours
   */
  readonly settleWithin?: Duration;
}

export interface DatabaseRotationProps extends RotationOptions {
  /** Prefix of physical names. */
  readonly name: string;
  readonly cluster: DatabaseCluster;
  readonly databaseName: string;
  readonly roles: DatabaseRoles;
  readonly service: ServiceNames;
}

/** What the rotation may take beside the service's own time: waiting for other deployments, twice. */
const REST = Duration.hours(6);

/**
 * Renews the passwords of a database without a failed request.
 *
 * Defines a schedule and a state machine around one function: renew the login that no task uses, hand it to
 * new tasks, have ECS replace the running ones, and check that the service settled. The other login stays
 * valid; when the service does not settle, it is handed out again.
 * @example
 * // For an Aurora cluster of your own: a `PooledPostgres` that knows its `service` rotates already.
 * new DatabaseRotation(this, 'Rotation', {
 *   name: 'guestbook-production',
 *   cluster: aurora,
 *   databaseName: 'guestbook',
 *   roles: new DatabaseRoles(this, 'Roles', {
 *     cluster: aurora,
 *     databaseName: 'guestbook',
 *     applicationRole: 'application',
 *   }),
 *   service: { clusterName: 'guestbook-production', serviceName: 'guestbook-production' },
 *   schedule: Schedule.cron({ weekDay: 'SUN#1', hour: '5', minute: '0' }),
 * });
 */
export class DatabaseRotation extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: DatabaseRotationProps) {
    super(scope, id);

    const steps = new HandlerFunction(this, 'Handler', {
      bundle: 'database-rotation',
      description: `Steps of the password rotation of ${props.name}`,
      timeout: Duration.minutes(5),
    });
    const handler = steps.function;
    props.roles.grantDataApi(handler);
    for (const secret of Object.values(props.roles.secrets)) secret.grantWrite(handler);
    this.grantRoll(steps, props.service);

    const settleWithin = props.settleWithin ?? Duration.hours(3);
    const { LoginA, LoginB, Active, Owner, Reader } = props.roles.secrets;
    const target: RotationTarget = {
      clusterArn: props.cluster.clusterArn,
      masterSecretArn: props.cluster.secret!.secretArn,
      databaseName: props.databaseName,
      loginSecretArns: [LoginA.secretArn, LoginB.secretArn],
      activeSecretArn: Active.secretArn,
      otherSecretArns: [Owner.secretArn, Reader.secretArn],
      ecsCluster: props.service.clusterName,
      ecsService: props.service.serviceName,
      settleSeconds: settleWithin.toSeconds(),
    };
    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // Step Functions writes under this prefix without a growing resource policy.
      logGroupName: `/aws/vendedlogs/states/${props.name}-database-rotation`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${props.name}-database-rotation`,
      comment: 'Renews the passwords of the database and replaces the tasks that use them',
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString({
          // The CDK's own `timeout` does not reach a definition that is given as text.
          TimeoutSeconds: settleWithin.plus(REST).toSeconds(),
          ...rotationDefinition(handler.functionArn, target),
        }),
      ),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    handler.grantInvoke(this.stateMachine);
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Deliveries of logs and traces have no name to restrict by.',
    );
    acknowledge(
      this.stateMachine,
      `IAM5[Resource::${handler.functionArn}:*]`,
      'The state machine may invoke any version of exactly this function.',
    );

    new Rule(this, 'Schedule', {
      description: `Renews the database passwords of ${props.name}`,
      schedule: props.schedule ?? Schedule.cron({ minute: '0', hour: '5', weekDay: 'SUN#1' }),
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }

  /** Lets the function see and replace the tasks of exactly this service. */
  private grantRoll(steps: HandlerFunction, { clusterName, serviceName }: ServiceNames): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ecs', resource, resourceName });
    const { function: handler } = steps;
    const path = `${clusterName}/${serviceName}`;
    const deployments = arn('service-deployment', `${path}/*`);
    const tasks = arn('task', `${clusterName}/*`);
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'],
        resources: [arn('service', path)],
      }),
    );
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['ecs:DescribeServiceDeployments'], resources: [deployments] }),
    );
    handler.addToRolePolicy(new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks] }));
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': arn('cluster', clusterName) } },
      }),
    );
    const why =
      'Deployments and tasks get their ids when they start; these are of this one service or cluster.';
    acknowledge(steps, `IAM5[Resource::${deployments}]`, why);
    acknowledge(steps, `IAM5[Resource::${tasks}]`, why);
    acknowledge(steps, 'IAM5[Resource::*]', 'Tasks are listed by cluster: a condition names this one.');
  }
}
