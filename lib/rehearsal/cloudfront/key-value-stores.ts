import type { Template } from '../core/assembly';
import { PlanError } from '../core/plan-error';

/**
 * Checks that each function depends on its key value store with `DependsOn`. After a mere reference, CloudFormation
 * starts as soon as the store has its attributes, and CloudFront refuses to associate a store that is not yet
 * provisioned.
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
          `does not name ${store}: CloudFormation may create the function before its store is provisioned`,
        );
    }
  }
}
