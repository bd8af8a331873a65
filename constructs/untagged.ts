import { Annotations, AspectPriority, Aspects, type CfnResource, Stack } from 'aws-cdk-lib';

/**
 * Keeps tags away from a resource that CloudFront refuses to create or to update with them, whoever adds them to the
 * construct tree. Tags of the stack itself reach the resource all the same, because CloudFormation adds them; a warning
 * says so.
 *
 * @param consequence effect of a tag, such as `the deployment fails when a tag changes`
 */
export function leaveUntagged(resource: CfnResource, consequence: string): void {
  resource.addPropertyDeletionOverride('Tags');
  const visit = (): void => {
    const { tags } = Stack.of(resource);
    if (tags.hasTags())
      Annotations.of(resource).addWarningV2(
        'framework53:stack-tags',
        `The stack has the tags ${Object.keys(tags.tagValues()).join(', ')}, which CloudFormation gives to ${resource.cfnResourceType} too: ${consequence}. Tag the constructs with Tags.of() instead, and give the stack no tags.`,
      );
  };
  // After all aspects that add tags.
  Aspects.of(resource).add({ visit }, { priority: AspectPriority.READONLY });
}
