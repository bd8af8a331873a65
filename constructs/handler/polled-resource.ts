import { CustomResource, Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';

export interface PolledResourceProps {
  /** Type of the resource in CloudFormation, such as `Custom::Migrations`. */
  readonly resourceType: string;
  /** Name of a bundle whose `handler` is a `polledResource`. */
  readonly bundle: string;
  /** Description of the function, shown in the console. */
  readonly description: string;
  /** Properties that the handler gets. */
  readonly properties: object;
  /** Permissions of the function. */
  readonly policy: readonly PolicyStatement[];
  /** Time after which the resource fails; at most 55 minutes, because CloudFormation waits an hour at most. */
  readonly totalTimeout: Duration;
}

/**
 * A custom resource whose work may outlast a Lambda function.
 *
 * Defines one function, which waits for the work and invokes itself again before its timeout.
 */
export class PolledResource extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: PolledResourceProps) {
    super(scope, id);

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: props.bundle,
      description: props.description,
      timeout: Duration.minutes(15),
      environment: { TOTAL_TIMEOUT_MINUTES: String(props.totalTimeout.toMinutes({ integral: false })) },
    });
    for (const statement of props.policy) handler.addToRolePolicy(statement);
    // Apart from the role's other policies, on which the function depends.
    const handOn = new Policy(this, 'HandOn', {
      roles: [handler.role!],
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
      ],
    });
    // Under the id `Resource` an earlier version had another function, which CloudFormation does not let change.
    this.resource = new CustomResource(this, 'Work', {
      serviceToken: handler.functionArn,
      serviceTimeout: props.totalTimeout.plus(Duration.minutes(2)),
      resourceType: props.resourceType,
      properties: props.properties,
    });
    this.resource.node.addDependency(handler, handOn);
  }
}
