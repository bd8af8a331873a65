import { CustomResource, Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';

export interface PolledResourceProps {
  /** Type of the resource in CloudFormation, such as `Custom::Migrations`. */
  readonly resourceType: string;
  /** Name of a bundle whose `handler` is a `polledResource`. */
  readonly bundle: string;
  /** Description of the function in the Lambda console. */
  readonly description: string;
  /** Properties for the handler. */
  readonly properties: object;
  /** Permissions of the function. */
  readonly policy: readonly PolicyStatement[];
  /** Time after which the resource fails, at most 55 minutes. CloudFormation waits at most an hour. */
  readonly totalTimeout: Duration;
}

/**
 * Custom resource whose work may take longer than the timeout of a Lambda function.
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
    // In a policy of its own, because the function depends on the role's other policies, and this one names the
    // function.
    const handOn = new Policy(this, 'HandOn', {
      roles: [handler.role!],
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
      ],
    });
    // Earlier versions used the id `Resource` for another function, and CloudFormation cannot change one into the
    // other.
    this.resource = new CustomResource(this, 'Work', {
      serviceToken: handler.functionArn,
      serviceTimeout: props.totalTimeout.plus(Duration.minutes(2)),
      resourceType: props.resourceType,
      properties: props.properties,
    });
    this.resource.node.addDependency(handler, handOn);
  }
}
