import { type CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import { declareReleasePart } from '../release-parts';
import type { ErrorComparisonProperties } from './error-comparison.properties';

export interface ErrorComparisonProps {
  /** Where the server writes lines of JSON with a `level`, and in case of an error with `error.class`. */
  readonly logGroup: ILogGroup;
  /** What the names of the log streams of this release start with, before a slash; no other release's do. */
  readonly streamPrefix: string;
  /** Changes with each release, such as the ARN of its task definition. */
  readonly release: string;
  /** How long the release is watched; 1 to 45 minutes. */
  readonly period: Duration;
  /**
   * Errors of one class within `period` that are never too many.
   * @default 10
   */
  readonly tolerated?: number;
  /**
   * How many times as many errors of a class as the worst `period` of the day before had are too many.
   * @default 3
   */
  readonly times?: number;
}

/**
 * Compares the errors that a release logs, once users have it, with those that were logged before.
 *
 * Defines a custom resource that asks Logs Insights while a time goes by, and fails as soon as a class of
 * errors is new or markedly more frequent. The first release, a rollback of the stack and its deletion
 * compare nothing.
 */
export class ErrorComparison extends Construct {
  /** Has to depend on what gives users the release; what needs a good release has to depend on it. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: ErrorComparisonProps) {
    super(scope, id);
    const { logGroup, streamPrefix, period, tolerated = 10, times = 3 } = props;
    const minutes = period.toMinutes({ integral: false });
    const problems: string[] = [];
    if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= 45))
      problems.push(`'period' must be 1 to 45 whole minutes, got ${period.toHumanString()}`);
    if (!/^[\w-]+$/.test(streamPrefix))
      problems.push(`'streamPrefix' must be of letters, digits, _ and -, got '${streamPrefix}'`);
    if (!(tolerated >= 0)) problems.push(`'tolerated' must be 0 or more, got ${tolerated}`);
    if (!(times >= 1)) problems.push(`'times' must be 1 or more, got ${times}`);
    if (problems.length > 0) throw new ConstructError(this, problems);

    const properties: Omit<ErrorComparisonProperties, 'ServiceToken'> = {
      LogGroup: logGroup.logGroupName,
      StreamPrefix: streamPrefix,
      Release: props.release,
      Minutes: String(minutes),
      Tolerated: String(tolerated),
      Times: String(times),
    };
    this.resource = new PolledResource(this, 'Run', {
      resourceType: 'Custom::ErrorComparison',
      bundle: 'error-comparison',
      description: 'Compares the errors of a release with those before it',
      properties,
      policy: [
        new PolicyStatement({ actions: ['logs:StartQuery'], resources: [logGroup.logGroupArn] }),
        // Results are asked for by the id of their query, which has no ARN.
        new PolicyStatement({ actions: ['logs:GetQueryResults'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['cloudformation:DescribeStacks'],
          resources: [Stack.of(this).stackId],
        }),
      ],
      totalTimeout: period.plus(Duration.minutes(8)),
    }).resource;
    declareReleasePart(this, 'errorComparison');
    acknowledge(this, 'IAM5[Resource::*]', 'The results of a query have no name to restrict by.');
  }
}
