import { Stack } from 'aws-cdk-lib';
import { Grant, type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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

/**
 * The role and the log group of the CDK's upload handler.
 *
 * Defines a role, which may add files to one bucket, read assets and log, and a protected log group.
 */
export class Uploader extends Construct {
  readonly bucket: IBucket;
  /** The role as the handler gets it. The CDK would add permissions to delete files and to change their tags. */
  readonly role: IRole;
  readonly logGroup: ILogGroup;
  private readonly ownRole: Role;
  private isUsed = false;

  constructor(scope: Construct, id: string, props: UploaderProps) {
    super(scope, id);

    this.bucket = props.bucket;
    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.ownRole = role;
    this.role = role.withoutPolicyUpdates();
    this.logGroup.grantWrite(role);
    const { bucketArn } = props.bucket;
    // The uploader compares its files with those of the bucket, and adds what is new.
    this.grant(['s3:ListBucket'], bucketArn);
    this.grant(['s3:PutObject', 's3:AbortMultipartUpload'], `${bucketArn}/*`);
    acknowledge(role, `IAM5[Resource::${bucketArn}/*]`, 'Releases bring new files.');
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
    }
    if (!this.isUsed) {
      this.grant(['s3:GetObject'], `${assets.bucketArn}/*`);
      acknowledge(this.ownRole, `IAM5[Resource::${assets.bucketArn}/*]`, 'Releases bring new assets.');
    }
    this.isUsed = true;
  }

  private grant(actions: string[], resource: string): void {
    Grant.addToPrincipal({ grantee: this.ownRole, actions, resourceArns: [resource] });
  }
}
