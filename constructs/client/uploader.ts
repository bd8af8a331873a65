import { Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { BucketDeployment } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';

export interface UploaderProps {
  /** Where the files go. */
  readonly bucket: IBucket;
}

/** Actions that the CDK grants by pattern. */
const ACTIONS = ['Abort*', 'DeleteObject*', 'GetBucket*', 'GetObject*', 'List*'];

/**
 * What the CDK's handler of uploads runs with.
 *
 * Defines its role, which may write to one bucket, read assets and log, and its protected log group.
 */
export class Uploader extends Construct {
  readonly bucket: IBucket;
  readonly role: IRole;
  readonly logGroup: ILogGroup;
  private isUsed = false;

  constructor(scope: Construct, id: string, props: UploaderProps) {
    super(scope, id);

    this.bucket = props.bucket;
    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
    for (const action of ACTIONS) {
      acknowledge(this.role, `IAM5[Action::s3:${action}]`, 'Granted by the CDK, on two buckets only.');
    }
    acknowledge(this.role, `IAM5[Resource::${props.bucket.bucketArn}/*]`, 'Releases bring new files.');
  }

  /** Settles what an upload brings along with itself. */
  use(deployment: BucketDeployment, assets: IBucket): void {
    const { children } = Stack.of(this).node;
    const handler = children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (this.isUsed) {
      // All uploads share the first one's handler, and with it the first one's copy of the AWS CLI.
      deployment.node.tryRemoveChild('AwsCliLayer');
    } else if (handler) {
      acknowledge(handler, 'L1', 'The CDK chooses the runtime of its own handler.');
      acknowledge(this.role, `IAM5[Resource::${assets.bucketArn}/*]`, 'Releases bring new assets.');
    }
    this.isUsed = true;
  }
}
