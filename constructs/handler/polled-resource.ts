import { CustomResource, Duration, Names } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { HandlerFunction } from './handler-function';

export interface PolledResourceProps {
  /** Type shown in CloudFormation, such as `Custom::Migrations`. */
  readonly resourceType: string;
  /** Bundle that exports `onEvent` (starts the work) and `isComplete` (asks whether it is done). */
  readonly bundle: string;
  /** What the functions do, shown in the console. */
  readonly description: string;
  readonly properties: object;
  /** What the starting function may do. */
  readonly startPolicy: readonly PolicyStatement[];
  /** What the polling function may do. */
  readonly pollPolicy: readonly PolicyStatement[];
  /** Time between two questions. */
  readonly queryInterval: Duration;
  /** Time after which the resource fails; at most 55 minutes, for CloudFormation waits an hour at most. */
  readonly totalTimeout: Duration;
}

/**
 * A custom resource whose work outlasts a Lambda function.
 *
 * Defines a starting and a polling function and the CDK's provider around them, with all of its logs in a
 * protected group.
 */
export class PolledResource extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: PolledResourceProps) {
    super(scope, id);

    const entry = (name: string, handler: string, policy: readonly PolicyStatement[]) => {
      const { function: fn } = new HandlerFunction(this, name, {
        bundle: props.bundle,
        handler,
        description: props.description,
        timeout: Duration.minutes(1),
      });
      policy.forEach((statement) => {
        fn.addToRolePolicy(statement);
      });
      return fn;
    };
    const start = entry('Start', 'onEvent', props.startPolicy);
    const poll = entry('Poll', 'isComplete', props.pollPolicy);
    const { logGroup } = new ProtectedLogGroup(this, 'ProviderLogs', {
      // State machines may write below this prefix without a line each in the account's one resource policy.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 80, separator: '-' })}`,
    });
    const provider = new Provider(this, 'Provider', {
      onEventHandler: start,
      isCompleteHandler: poll,
      queryInterval: props.queryInterval,
      totalTimeout: props.totalTimeout,
      logGroup,
      disableWaiterStateMachineLogging: false,
      waiterStateMachineLogOptions: { destination: logGroup, level: LogLevel.ALL },
    });
    acknowledgeProvider(provider, [start, poll]);

    this.resource = new CustomResource(this, 'Resource', {
      serviceToken: provider.serviceToken,
      serviceTimeout: props.totalTimeout.plus(Duration.minutes(2)),
      resourceType: props.resourceType,
      properties: props.properties,
    });
    this.resource.node.addDependency(provider, start, poll);
  }
}

/** What the CDK's provider does in its own way, and why that is no harm here. */
function acknowledgeProvider(provider: Provider, handlers: readonly LambdaFunction[]): void {
  acknowledge(
    provider,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'The functions of the CDK’s provider; they write logs, nothing else.',
  );
  acknowledge(provider, 'IAM5[Resource::*]', 'Deliveries of logs have no name to restrict by.');
  acknowledge(provider, 'SF2', 'The state machine of the CDK’s provider only asks again, and logs it.');
  const own = ['framework-isComplete', 'framework-onTimeout'].map(
    (id) => provider.node.findChild(id) as LambdaFunction,
  );
  for (const { functionArn } of [...handlers, ...own]) {
    acknowledge(
      provider,
      `IAM5[Resource::${functionArn}:*]`,
      'The provider may invoke any version of exactly this function.',
    );
  }
}
