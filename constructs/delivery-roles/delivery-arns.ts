import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeliveryParameters } from '../delivery-parameters';

/** Environment and account to which the permissions of the roles apply. */
export interface PermissionScope {
  readonly name: string;
  readonly parameters: DeliveryParameters;
  /** Names of the environment's stacks. */
  readonly stackNames: readonly string[];
  /** Regions of the stacks. */
  readonly regions: readonly string[];
  /** Qualifier of the CDK bootstrap stack. */
  readonly qualifier: string;
}

/** Resources of a statement, and the reason for a wildcard. */
interface Resources {
  readonly resources: string[];
  readonly wildcard: string;
}

/** ARNs of the resources of one environment. */
export class DeliveryArns {
  private readonly stack: Stack;

  constructor(
    scope: Construct,
    private readonly props: PermissionScope,
  ) {
    this.stack = Stack.of(scope);
  }

  stacks(): Resources {
    return {
      resources: this.props.stackNames.flatMap((stack) =>
        this.everyRegion('cloudformation', 'stack', `${stack}/*`),
      ),
      wildcard: 'CloudFormation appends an id to the name of a stack.',
    };
  }

  keyValueStores(): Resources {
    return {
      resources: [this.arn('cloudfront', 'key-value-store', '*', '')],
      wildcard: 'CloudFront chooses the id of a key value store.',
    };
  }

  service(): string {
    const { name } = this.props;
    return this.arn('ecs', 'service', `${name}/${name}`);
  }

  serviceParts(resource: string): string {
    const { name } = this.props;
    return this.arn('ecs', resource, `${name}/${name}/*`);
  }

  bootstrapRoles(kind: string): string[] {
    const { qualifier, regions } = this.props;
    return regions.map((region) =>
      this.arn('iam', 'role', `cdk-${qualifier}-${kind}-role-${this.stack.account}-${region}`, ''),
    );
  }

  assetBuckets(): string[] {
    const { account, partition } = this.stack;
    return this.props.regions.flatMap((region) => {
      const bucket = `arn:${partition}:s3:::cdk-${this.props.qualifier}-assets-${account}-${region}`;
      return [bucket, `${bucket}/*`];
    });
  }

  imageRepository(): string {
    const { account, region } = this.stack;
    const name = `cdk-${this.props.qualifier}-container-assets-${account}-${region}`;
    return this.arn('ecr', 'repository', name);
  }

  secrets(): string {
    return this.stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${this.props.name}/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  parameter(path: string): string {
    return this.arn('ssm', 'parameter', path.replace(/^\//, ''));
  }

  everyRegion(service: string, resource: string, resourceName: string): string[] {
    return this.props.regions.map((region) => this.arn(service, resource, resourceName, region));
  }

  arn(service: string, resource: string, resourceName: string, region?: string): string {
    return this.stack.formatArn({
      service,
      resource,
      resourceName,
      ...(region !== undefined && { region }),
    });
  }
}
