import { join } from 'node:path';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Code,
  Runtime,
  RuntimeFamily,
  Schedule,
  Canary as SyntheticsCanary,
  Test,
} from 'aws-cdk-lib/aws-synthetics';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems, physicalName } from '../physical-name';
import { LONGEST_CANARY_CHECKS } from '../verification/check-limits';
import type { Check } from '../verification/checks';
import type { CanaryVariables } from './canary.properties';

/** Settings of a canary. */
export interface CanaryOptions {
  /** Address that users open, without a trailing slash. */
  readonly url: string;
  /** Requests that the canary makes in addition to opening the page. */
  readonly checks: readonly Check[];
  /** Interval between two runs: 1 to 60 minutes. */
  readonly interval: Duration;
}

/** Properties of a `Canary`. */
export interface CanaryProps extends CanaryOptions {
  /**
   * Name of the canary.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
}

/**
 * Runtime that is newer than the CDK's constants.
 * @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Library_nodejs_playwright.html
 */
const RUNTIME = new Runtime('syn-nodejs-playwright-8.0', RuntimeFamily.NODEJS);

/**
 * A browser that opens the application every few minutes, as a user would.
 *
 * Defines a Synthetics canary, a role with write access to its results only, a bucket for the results and a protected
 * log group.
 * @example
 * new Canary(this, 'Canary', {
 *   name: 'guestbook-production',
 *   url: 'https://guestbook.example.com',
 *   checks: [{ path: '/api/entries' }],
 *   interval: Duration.minutes(5),
 * });
 */
export class Canary extends Construct {
  /** The canary in Synthetics. */
  readonly canary: SyntheticsCanary;
  /** Interval between two runs. */
  readonly interval: Duration;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { url, checks, interval } = props;
    const minutes = interval.toMinutes();
    const problems = nameProblems(props.name);
    if (!(minutes >= 1 && minutes <= 60)) problems.push(`'interval' must be 1 to 60 minutes, got ${minutes}`);
    const environment = { BASE_URL: url, CHECKS: JSON.stringify(checks) } satisfies CanaryVariables;
    if (environment.CHECKS.length > LONGEST_CANARY_CHECKS)
      problems.push(
        `'checks' must have at most ${LONGEST_CANARY_CHECKS} characters as JSON, got ${environment.CHECKS.length}; use fewer or shorter checks`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);

    this.interval = interval;
    const bucket = new Bucket(this, 'Results', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // Results are useful right after a failure, and rarely later.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acknowledge(bucket, 'S1', 'Only the canary writes to this bucket, and its results expire after 30 days.');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Canary of ${name}`,
      // The policy is inline because the canary starts as soon as the role exists.
      inlinePolicies: { Results: results(bucket) },
    });
    acknowledge(
      role,
      'IAM5[Resource::*]',
      'PutMetricData has no ARN and is restricted by namespace. ListAllMyBuckets lists names only.',
    );
    acknowledge(
      role,
      `IAM5[Resource::${bucket.arnForObjects('*')}]`,
      'The bucket belongs to the canary, and each result is named by its time.',
    );
    this.canary = new SyntheticsCanary(this, 'Resource', {
      canaryName: name,
      runtime: RUNTIME,
      test: Test.custom({
        code: Code.fromAsset(join(__dirname, '..', '..', 'bundles', 'canary')),
        handler: 'index.handler',
      }),
      schedule: Schedule.rate(interval),
      timeout: Duration.minutes(minutes < 3 ? minutes : 3),
      memory: Size.mebibytes(1024),
      role,
      artifactsBucketLocation: { bucket },
      environmentVariables: environment,
      successRetentionPeriod: Duration.days(7),
      failureRetentionPeriod: Duration.days(30),
      provisionedResourceCleanup: true,
    });
    // Synthetics names the function's log group after the canary and its id. The role cannot create log groups, so the
    // function logs nothing before this one exists.
    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/cwsyn-${this.canary.canaryName}-${this.canary.canaryId}`,
    });
    logGroup.grantWrite(role);
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html */
function results(bucket: IBucket): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [bucket.arnForObjects('*')],
      }),
      new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [bucket.bucketArn] }),
      // The runtime looks up its bucket by name.
      new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
      }),
    ],
  });
}
