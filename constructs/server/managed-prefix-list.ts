import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';

export interface ManagedPrefixListProps {
  /** Name of the prefix list. The name is the same in every region. */
  readonly prefixListName: string;
}

/**
 * An AWS-managed prefix list, looked up by name during the deployment.
 *
 * Defines a custom resource and its handler.
 */
export class ManagedPrefixList extends Construct {
  readonly prefixListId: string;

  constructor(scope: Construct, id: string, props: ManagedPrefixListProps) {
    super(scope, id);

    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'managed-prefix-list',
      description: `Finds the prefix list ${props.prefixListName}`,
      timeout: Duration.minutes(1),
    });
    handler.function.addToRolePolicy(
      new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
    );
    acknowledge(handler, 'IAM5[Resource::*]', 'DescribeManagedPrefixLists cannot be restricted to one list.');
    const list = new CustomResource(this, 'Resource', {
      serviceToken: handler.function.functionArn,
      resourceType: 'Custom::ManagedPrefixList',
      serviceTimeout: Duration.minutes(2),
      properties: { PrefixListName: props.prefixListName },
    });
    this.prefixListId = list.getAttString('PrefixListId');
  }
}
