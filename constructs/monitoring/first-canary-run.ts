import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import type { Canary } from './canary';
import type { FirstCanaryRunProperties } from './first-canary-run.properties';

export interface FirstCanaryRunProps {
  readonly canary: Canary;
  /** Changes with each release. */
  readonly release: string;
}

/** Minutes beside the canary's schedule: a run takes three at most, and Synthetics may be late. */
const RESERVE_MINUTES = 7;

/**
 * Waits for the first run of a canary after a release, and fails with its reason.
 *
 * Defines a custom resource for a stack that is deployed after the release. When the stack is created it only
 * reports; when it rolls back or goes it waits for nothing.
 * @example
 * const canary = new Canary(this, 'Canary', {
 *   name: 'guestbook-production',
 *   url: 'https://guestbook.example.com',
 *   checks: [],
 *   every: Duration.minutes(5),
 * });
 * new FirstCanaryRun(this, 'FirstRun', { canary, release: '3f9a1c0b7d2e4f68' });
 */
export class FirstCanaryRun extends Construct {
  /** The longest time between two runs that can be waited for. */
  static readonly LONGEST = Duration.minutes(45);

  constructor(scope: Construct, id: string, { canary, release }: FirstCanaryRunProps) {
    super(scope, id);
    const every = canary.every.toMinutes();
    if (every > FirstCanaryRun.LONGEST.toMinutes())
      throw new ConstructError(
        this,
        `'canary' must come every ${FirstCanaryRun.LONGEST.toMinutes()} minutes or more often, got ${every}; CloudFormation waits an hour at most`,
      );
    const minutes = every + RESERVE_MINUTES;
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
