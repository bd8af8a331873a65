import { Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { BucketDeployment } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';

/** Properties of `Uploader`. */
export interface UploaderProps {
  /** Bucket that receives the files. */
  readonly bucket: IBucket;
}

/** Actions that the CDK grants by a pattern. */
const ACTIONS = ['Abort*', 'DeleteObject*', 'GetBucket*', 'GetObject*', 'List*'];

/**
 * The role and the log group of the CDK's upload handler.
 *
 * Defines a role, which may write to one bucket, read assets and log, and a protected log group.
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

  /** Removes duplicates that each upload brings along, and acknowledges findings of cdk-nag. */
  use(deployment: BucketDeployment, assets: IBucket): void {
    const { children } = Stack.of(this).node;
    const handler = children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (this.isUsed) {
      // All uploads share the handler of the first upload, and with it the layer that contains the AWS CLI.
      deployment.node.tryRemoveChild('AwsCliLayer');
    } else if (handler) {
      acknowledge(handler, 'L1', 'The CDK chooses the runtime of its own handler.');
      acknowledge(this.role, `IAM5[Resource::${assets.bucketArn}/*]`, 'Releases bring new assets.');
    }
    this.isUsed = true;
  }
}
