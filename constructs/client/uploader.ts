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
 * Role and log group of the CDK's upload handler.
 *
 * Defines a protected log group and a role that may add files to one bucket, read assets and write logs.
 */
export class Uploader extends Construct {
  readonly bucket: IBucket;
  /**
   * Role that the handler uses. The CDK cannot add permissions to it, which would include deleting files and changing
   * their tags.
   */
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
    // The uploader compares its files with the bucket and adds the new ones.
    this.grant(['s3:ListBucket'], bucketArn);
    this.grant(['s3:PutObject', 's3:AbortMultipartUpload'], `${bucketArn}/*`);
    acknowledge(role, `IAM5[Resource::${bucketArn}/*]`, 'File names change with each release.');
  }

  /** Removes the duplicate resources of an upload, and acknowledges findings of cdk-nag. */
  use(deployment: BucketDeployment, assets: IBucket): void {
    const { children } = Stack.of(this).node;
    const handler = children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (this.isUsed) {
      // All uploads share the handler of the first upload and its layer with the AWS CLI.
      deployment.node.tryRemoveChild('AwsCliLayer');
    } else if (handler) {
      acknowledge(handler, 'L1', 'The CDK chooses the runtime of its own handler.');
    }
    if (!this.isUsed) {
      this.grant(['s3:GetObject'], `${assets.bucketArn}/*`);
      acknowledge(
        this.ownRole,
        `IAM5[Resource::${assets.bucketArn}/*]`,
        'Asset names change with each release.',
      );
    }
    this.isUsed = true;
  }

  private grant(actions: string[], resource: string): void {
    Grant.addToPrincipal({ grantee: this.ownRole, actions, resourceArns: [resource] });
  }
}
