import { type CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import { declareReleasePart } from '../release-parts';
import type { ErrorComparisonProperties } from './error-comparison.properties';

/** Properties of `ErrorComparison`. */
export interface ErrorComparisonProps {
  /** Log group of the server. Its lines must be JSON with a `level` and, for errors, `error.class`. */
  readonly logGroup: ILogGroup;
  /**
   * First part of the names of this release's log streams, before the slash: letters, digits, `_` and `-`. Each
   * release needs its own prefix. Also pass it to the server as `task.logStreamPrefix`.
   */
  readonly streamPrefix: string;
  /** Text that changes with each release, such as the ARN of the task definition. */
  readonly release: string;
  /** Duration of the watched period: 1 to 45 whole minutes. */
  readonly period: Duration;
  /**
   * Number of errors of one class within `period` that never fails the release.
   * @default 10
   */
  readonly tolerated?: number;
  /**
   * Factor by which a class of errors may be more frequent than in the worst `period` of the previous 24 hours; at
   * least 1.
   * @default 3
   */
  readonly factor?: number;
}

/**
 * Comparison of the errors of a release with the errors of the previous 24 hours.
 *
 * Defines a custom resource and its handler, which repeatedly queries Logs Insights. The resource fails as soon as a
 * class of errors is new or much more frequent. It compares nothing for the first release, during a stack rollback,
 * and for a deletion.
 */
export class ErrorComparison extends Construct {
  /** Custom resource that watches the release. `ReleaseSequence` puts it after the client. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: ErrorComparisonProps) {
    super(scope, id);
    const { logGroup, streamPrefix, period, tolerated = 10, factor = 3 } = props;
    const minutes = period.toMinutes({ integral: false });
    const problems: string[] = [];
    if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= 45))
      problems.push(`'period' must be 1 to 45 whole minutes, got ${period.toHumanString()}`);
    if (!/^[\w-]+$/.test(streamPrefix))
      problems.push(`'streamPrefix' must consist of letters, digits, _ and -, got '${streamPrefix}'`);
    if (!(tolerated >= 0)) problems.push(`'tolerated' must be 0 or more, got ${tolerated}`);
    if (!(factor >= 1)) problems.push(`'factor' must be 1 or more, got ${factor}`);
    if (problems.length > 0) throw new ConstructError(this, problems);

    const properties: Omit<ErrorComparisonProperties, 'ServiceToken'> = {
      LogGroup: logGroup.logGroupName,
      StreamPrefix: streamPrefix,
      Release: props.release,
      Minutes: String(minutes),
      Tolerated: String(tolerated),
      Times: String(factor),
    };
    this.resource = new PolledResource(this, 'Run', {
      resourceType: 'Custom::ErrorComparison',
      bundle: 'error-comparison',
      description: 'Compares the errors of a release with those of the 24 hours before',
      properties,
      policy: [
        new PolicyStatement({ actions: ['logs:StartQuery'], resources: [logGroup.logGroupArn] }),
        // The handler gets results by the id of their query, which has no ARN.
        new PolicyStatement({ actions: ['logs:GetQueryResults'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['cloudformation:DescribeStacks'],
          resources: [Stack.of(this).stackId],
        }),
      ],
      totalTimeout: period.plus(Duration.minutes(8)),
    }).resource;
    declareReleasePart(this, 'errorComparison');
    acknowledge(this, 'IAM5[Resource::*]', 'The results of a query have no ARN to restrict by.');
  }
}
