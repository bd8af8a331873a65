import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { IKeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import { POINTER_ROLLBACK, RELEASE_POINTER } from './release-pointer.properties';

/** Key that the viewer-request function reads. */
export const RELEASE_KEY = 'release';

/** Properties of `ReleasePointer`. */
export interface ReleasePointerProps {
  /** Store that the viewer-request function reads. */
  readonly keyValueStore: IKeyValueStore;
  /** Folder of the release, followed by the paths of its unhashed files that look hashed, separated by spaces. */
  readonly value: string;
}

/**
 * Key of a key value store that names the release for users.
 *
 * Defines a custom resource that writes the key, and its handler. Edge locations see a new value within seconds.
 */
export class ReleasePointer extends Construct {
  /** Custom resource that writes the key. */
  readonly resource: CustomResource;
  private readonly handler: HandlerFunction;
  private rollbackResource?: CustomResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleasePointerProps,
  ) {
    super(scope, id);

    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'release-pointer',
      description: 'Moves the pointer to the client release that users see',
      timeout: Duration.minutes(1),
    });
    handler.function.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'cloudfront-keyvaluestore:DescribeKeyValueStore',
          'cloudfront-keyvaluestore:GetKey',
          'cloudfront-keyvaluestore:PutKey',
        ],
        resources: [props.keyValueStore.keyValueStoreArn],
      }),
    );
    this.handler = handler;
    this.resource = this.pointer('Resource', RELEASE_POINTER);
  }

  /**
   * Custom resource that moves the pointer at the beginning of a stack rollback. CloudFormation then rolls back the
   * resources that depend on it.
   */
  get rollback(): CustomResource {
    if (!this.rollbackResource) {
      this.handler.function.addToRolePolicy(
        new PolicyStatement({
          actions: ['cloudformation:DescribeStacks'],
          resources: [Stack.of(this).stackId],
        }),
      );
      this.rollbackResource = this.pointer('WayBack', POINTER_ROLLBACK);
    }
    return this.rollbackResource;
  }

  private pointer(id: string, resourceType: string): CustomResource {
    const resource = new CustomResource(this, id, {
      serviceToken: this.handler.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      resourceType,
      properties: {
        KeyValueStoreArn: this.props.keyValueStore.keyValueStoreArn,
        Key: RELEASE_KEY,
        Value: this.props.value,
      },
    });
    resource.node.addDependency(this.handler);
    return resource;
  }
}
