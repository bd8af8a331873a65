import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import type { Canary } from './canary';
import type { FirstCanaryRunProperties } from './first-canary-run.properties';

/** Properties of a `FirstCanaryRun`. */
export interface FirstCanaryRunProps {
  /** Canary to wait for. */
  readonly canary: Canary;
  /** Value that changes with each release, such as its id. */
  readonly release: string;
}

/** Time in addition to the canary's interval. A run takes up to three minutes, and Synthetics may start it late. */
const RESERVE_MINUTES = 7;

/**
 * Waits for the first run of a canary after a release. If the run fails, the deployment fails with the run's reason.
 *
 * Defines a custom resource for a stack that is deployed after the release. During the creation of the stack, a failed
 * run is only logged. During a rollback or deletion of the stack, the resource does not wait.
 * @example
 * const canary = new Canary(this, 'Canary', {
 *   name: 'guestbook-production',
 *   url: 'https://guestbook.example.com',
 *   checks: [],
 *   interval: Duration.minutes(5),
 * });
 * new FirstCanaryRun(this, 'FirstRun', { canary, release: '3f9a1c0b7d2e4f68' });
 */
export class FirstCanaryRun extends Construct {
  /** Longest supported interval of the canary: 45 minutes. CloudFormation waits one hour at most. */
  static readonly LONGEST_INTERVAL = Duration.minutes(45);

  constructor(scope: Construct, id: string, { canary, release }: FirstCanaryRunProps) {
    super(scope, id);
    const interval = canary.interval.toMinutes();
    const longest = FirstCanaryRun.LONGEST_INTERVAL.toMinutes();
    if (interval > longest)
      throw new ConstructError(
        this,
        `'canary' must have an interval of at most ${longest} minutes, got ${interval}: CloudFormation waits one hour at most; shorten the interval or remove this construct`,
      );
    const minutes = interval + RESERVE_MINUTES;
    const stack = Stack.of(this);
    const resourceName = canary.canary.canaryName;
    const properties: Omit<FirstCanaryRunProperties, 'ServiceToken'> = {
      Canary: resourceName,
      Release: release,
      Minutes: String(minutes),
    };
    new PolledResource(this, 'Run', {
      resourceType: 'Custom::FirstCanaryRun',
      bundle: 'first-canary-run',
      description: 'Waits for the first run of a canary after a release',
      properties,
      policy: [
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }),
        new PolicyStatement({
          actions: ['synthetics:GetCanaryRuns'],
          resources: [
            stack.formatArn({
              service: 'synthetics',
              resource: 'canary',
              resourceName,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        }),
      ],
      totalTimeout: Duration.minutes(minutes + 2),
    });
  }
}
