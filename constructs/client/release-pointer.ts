import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IKeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';

/** The key that the viewer-request function reads. */
export const RELEASE_KEY = 'release';

/** Properties of `ReleasePointer`. */
export interface ReleasePointerProps {
  /** Store that the viewer-request function reads. */
  readonly keyValueStore: IKeyValueStore;
  /** Folder of the release, followed by each of its files that only looks hashed, separated by spaces. */
  readonly value: string;
}

/**
 * The key of a key value store that names the release which users see.
 *
 * Defines a custom resource, which writes the key, and its handler. Edge locations see a new value within seconds.
 */
export class ReleasePointer extends Construct {
  /** Custom resource that writes the key. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: ReleasePointerProps) {
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
    this.resource = new CustomResource(this, 'Resource', {
      serviceToken: handler.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      resourceType: 'Custom::ReleasePointer',
      properties: {
        KeyValueStoreArn: props.keyValueStore.keyValueStoreArn,
        Key: RELEASE_KEY,
        Value: props.value,
      },
    });
    this.resource.node.addDependency(handler);
  }
}
