import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { HandlerFunction } from '../handler/handler-function';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems, physicalName } from '../physical-name';
import type { DatabaseRoles } from './database-roles';
import type { RotationTarget } from './database-rotation.properties';
import { rotationDefinition } from './rotation-definition';

/**
 * Names of the ECS service whose tasks use the database. Pass literal names. A reference to the service's stack would
 * create a dependency cycle, because that stack depends on the database.
 */
export interface ServiceNames {
  /** Name of the ECS cluster. */
  readonly clusterName: string;
  /** Name of the ECS service. */
  readonly serviceName: string;
}

/** Rotation of a database's passwords. */
export interface RotationOptions {
  /** ECS service whose tasks use the database. The rotation replaces the tasks, so that they get the new password. */
  readonly service: ServiceNames;
  /**
   * Schedule of the rotation, in UTC.
   * @default - the first Sunday of each month at 05:00
   */
  readonly schedule?: Schedule;
  /**
   * Maximum time for the service to replace its tasks, including bake time and pauses. After that time, new tasks get
   * the previous login again.
   * @default Duration.hours(3)
   */
  readonly deploymentTimeout?: Duration;
}

/** Properties of `DatabaseRotation`. */
export interface DatabaseRotationProps extends RotationOptions {
  /**
   * Prefix of physical names, such as `guestbook-production`: 1 to 40 lower-case letters, digits and single hyphens,
   * beginning with a letter.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Roles whose passwords are rotated. */
  readonly roles: DatabaseRoles;
}

/** Additional time of a rotation. It waits for other deployments at most twice. */
const OTHER_DEPLOYMENTS = Duration.hours(6);

/**
 * Rotation of a database's passwords without failed requests.
 *
 * Defines a schedule and a state machine around one function. The state machine changes the password of the login that
 * no task uses, and makes that login active for new tasks. Then ECS replaces the running tasks, and the state machine
 * checks that the service is stable. The other login stays valid. If the service does not become stable, new tasks get
 * the other login again.
 * @example
 * // For an Aurora cluster of your own. A `PooledPostgres` with the prop `rotation` has this already.
 * new DatabaseRotation(this, 'Rotation', {
 *   roles: new DatabaseRoles(this, 'Roles', { cluster: aurora, databaseName: 'guestbook' }),
 *   service: { clusterName: 'guestbook-production', serviceName: 'guestbook-production' },
 *   schedule: Schedule.cron({ weekDay: 'SUN#1', hour: '5', minute: '0' }),
 * });
 */
export class DatabaseRotation extends Construct {
  /**
   * State machine of the rotation. Start an execution to rotate immediately, and add an alarm for failed executions.
   */
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: DatabaseRotationProps) {
    super(scope, id);
    const problems = nameProblems(props.name);
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);
    const { roles, service } = props;

    const steps = new HandlerFunction(this, 'Handler', {
      bundle: 'database-rotation',
      description: `Steps of the password rotation of ${name}`,
      timeout: Duration.minutes(5),
    });
    const handler = steps.function;
    roles.grantRotation(handler);
    this.grantRoll(steps, service);

    const deploymentTimeout = props.deploymentTimeout ?? Duration.hours(3);
    const { LoginA, LoginB, Active, Owner, Reader, Operator } = roles.secrets;
    const target: RotationTarget = {
      clusterArn: roles.cluster.clusterArn,
      masterSecretArn: roles.masterSecret.secretArn,
      databaseName: roles.databaseName,
      loginSecretArns: [LoginA.secretArn, LoginB.secretArn],
      activeSecretArn: Active.secretArn,
      otherSecretArns: [Owner.secretArn, Reader.secretArn, Operator.secretArn],
      ecsCluster: service.clusterName,
      ecsService: service.serviceName,
      settleSeconds: deploymentTimeout.toSeconds(),
    };
    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // Step Functions can write to log groups with this prefix without an entry in the account's resource policy.
      logGroupName: `/aws/vendedlogs/states/${name}-database-rotation`,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: `${name}-database-rotation`,
      comment: 'Changes the passwords of the database and replaces the tasks that use them',
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString({
          // The CDK ignores `timeout` for a definition that is passed as text.
          TimeoutSeconds: deploymentTimeout.plus(OTHER_DEPLOYMENTS).toSeconds(),
          ...rotationDefinition(handler.functionArn, target),
        }),
      ),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    // Nobody invokes a version of the function. `grantInvoke` would allow that, too.
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
    );
    acknowledge(
      this.stateMachine,
      'IAM5[Resource::*]',
      'Log deliveries and traces have no ARN to restrict to.',
    );

    new Rule(this, 'Schedule', {
      description: `Changes the database passwords of ${name}`,
      schedule: props.schedule ?? Schedule.cron({ minute: '0', hour: '5', weekDay: 'SUN#1' }),
      targets: [new SfnStateMachine(this.stateMachine)],
    });
  }

  /** Allows the function to list and replace the tasks of this service only. */
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
      'Deployments and tasks get their ids when they start; the ARN contains the name of this service or cluster.';
    acknowledge(steps, `IAM5[Resource::${deployments}]`, why);
    acknowledge(steps, `IAM5[Resource::${tasks}]`, why);
    acknowledge(
      steps,
      'IAM5[Resource::*]',
      'ecs:ListTasks supports no service ARN; a condition restricts the cluster.',
    );
  }
}
