import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/** An environment-agnostic stack in an app with this project's feature flags, for construct tests. */
export function testStack(id = 'Test', props?: StackProps): Stack {
  const { context } = require('../cdk.json') as { context: Record<string, unknown> };
  return new Stack(new App({ context, analyticsReporting: false }), id, props);
}

/** Findings of cdk-nag's AwsSolutions pack that nobody acknowledged, as `rule: resource`. */
export function nagFindings(stack: Stack): string[] {
  return new AwsSolutionsChecks()
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map((resource) => `${ruleName}: ${resource.resourceLogicalId}`),
    )
    .sort();
}
