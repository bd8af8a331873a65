import { Annotations, AspectPriority, Aspects, type CfnResource, Stack } from 'aws-cdk-lib';

/**
 * Keeps tags of the construct tree from a resource that CloudFront refuses to create or update with tags.
 * CloudFormation still adds the tags of the stack itself, so the function warns if the stack has some.
 * @param consequence effect of a tag, such as `the deployment fails when a tag changes`
 */
export function leaveUntagged(resource: CfnResource, consequence: string): void {
  resource.addPropertyDeletionOverride('Tags');
  const visit = (): void => {
    const { tags } = Stack.of(resource);
    if (tags.hasTags())
      Annotations.of(resource).addWarningV2(
        'framework53:stack-tags',
        `The stack has the tags ${Object.keys(tags.tagValues()).join(', ')}, which CloudFormation adds to ${resource.cfnResourceType}, too: ${consequence}. Tag the constructs with Tags.of() instead, and remove the tags of the stack.`,
      );
  };
  // Runs after all aspects that add tags.
  Aspects.of(resource).add({ visit }, { priority: AspectPriority.READONLY });
}
