import { join } from 'node:path';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Code, Runtime, Schedule, Canary as SyntheticsCanary, Test } from 'aws-cdk-lib/aws-synthetics';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import type { Check } from '../verification/checks';
import type { CanaryVariables } from './canary.properties';

export interface CanaryProps {
  /** Name of the canary: a to z, digits, `-` and `_`. */
  readonly name: string;
  /** Address people use, without a slash at its end. */
  readonly url: string;
  /** What is walked beside the page. */
  readonly checks: readonly Check[];
  /** Time between two walks; 1 to 60 minutes. */
  readonly every: Duration;
}

/** A function's variables have 4 KB, of which the runtime needs some. */
const LONGEST_CHECKS = 3000;

/**
 * A user that comes every few minutes, through the CDN, with a browser.
 *
 * Defines a Synthetics canary, a role that may write its own results and nothing else, the bucket of those
 * results, and a protected log group.
 * @example
 * new Canary(this, 'Canary', {
 *   name: 'guestbook-production',
 *   url: 'https://guestbook.example.com',
 *   checks: [{ path: '/api/entries' }],
 *   every: Duration.minutes(5),
 * });
 */
export class Canary extends Construct {
  readonly canary: SyntheticsCanary;
  /** Time between two walks. */
  readonly every: Duration;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { name, url, checks, every } = props;
    const minutes = every.toMinutes();
    const problems: string[] = [];
    if (!(minutes >= 1 && minutes <= 60))
      problems.push(`'every' must be 1 to 60 minutes, got ${minutes}; choose another`);
    const environment = { BASE_URL: url, CHECKS: JSON.stringify(checks) } satisfies CanaryVariables;
    if (environment.CHECKS.length > LONGEST_CHECKS)
      problems.push(
        `'checks' must fit into ${LONGEST_CHECKS} characters of JSON, got ${environment.CHECKS.length}; give fewer`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);

    this.every = every;
    const bucket = new Bucket(this, 'Results', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // Screenshots of an open page: worth a look after a failure, and no more.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acknowledge(bucket, 'S1', 'Only the canary writes here, and what it writes is gone after 30 days.');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Canary of ${name}`,
      // Part of the role, for the canary starts as soon as there is one.
      inlinePolicies: { Results: results(bucket) },
    });
    acknowledge(
      role,
      'IAM5[Resource::*]',
      'Metrics have no ARN, their namespace restricts what may be written; names of buckets are listed, none is read.',
    );
    acknowledge(
      role,
      `IAM5[Resource::${bucket.arnForObjects('*')}]`,
      'The bucket is the canary’s own, and each result is named after its time.',
    );
    this.canary = new SyntheticsCanary(this, 'Resource', {
      canaryName: name,
      runtime: Runtime.SYNTHETICS_NODEJS_PLAYWRIGHT_6_0,
      test: Test.custom({
        code: Code.fromAsset(join(__dirname, '..', '..', 'bundles', 'canary')),
        handler: 'index.handler',
      }),
      schedule: Schedule.rate(every),
      timeout: Duration.minutes(minutes < 3 ? minutes : 3),
      memory: Size.mebibytes(1024),
      role,
      artifactsBucketLocation: { bucket },
      environmentVariables: environment,
      successRetentionPeriod: Duration.days(7),
      failureRetentionPeriod: Duration.days(30),
      provisionedResourceCleanup: true,
    });
    // The canary's function names its group after the canary and its id. The role may not make groups, so
    // there is none until this one is there.
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
      // The runtime looks its bucket up by name.
      new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
      }),
    ],
  });
}
