import type { Template } from '../core/assembly';
import { PlanError } from '../core/plan-error';

/**
 * Checks that each function waits for its key value store. CloudFormation creates a resource that refers to another one
 * as soon as that one has its attributes. Only with `DependsOn` does it wait until the store is provisioned; CloudFront
 * refuses the association before.
 * https://aws.amazon.com/blogs/devops/how-we-sped-up-aws-cloudformation-deployments-with-optimistic-stabilization/
 */
export function checkKeyValueStores(resources: Template['Resources']): void {
  for (const [id, { Type, Properties, DependsOn = [] }] of Object.entries(resources)) {
    if (Type !== 'AWS::CloudFront::Function') continue;
    const associations = JSON.stringify(Properties?.['FunctionConfig'] ?? {});
    for (const [store, { Type: type }] of Object.entries(resources)) {
      if (type !== 'AWS::CloudFront::KeyValueStore' || !associations.includes(`"${store}"`)) continue;
      if (![DependsOn].flat().includes(store))
        throw new PlanError(
          id,
          'DependsOn',
          `does not name ${store}: the function may be created before its store is provisioned`,
        );
    }
  }
}
