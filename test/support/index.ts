import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { featureFlags } from '../../lib/stacks/feature-flags';

/** An environment-agnostic stack in an app with this project's feature flags, for construct tests. */
export function testStack(id = 'Test', props?: StackProps): Stack {
  return new Stack(
    new App({ context: featureFlags, analyticsReporting: false, treeMetadata: false }),
    id,
    props,
  );
}

/** Returns findings of cdk-nag's AwsSolutions pack without an acknowledgement, as `rule: construct path`. */
export function nagFindings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources
        .filter(({ constructPath = '' }) => !isAcknowledged(scope, constructPath, ruleName))
        .map(({ constructPath }) => `${ruleName}: ${constructPath}`),
    )
    .sort();
}

/** As the CDK judges at synth: by the rule's id with the pack's name before it, here or on an ancestor. */
function isAcknowledged(scope: IConstruct, path: string, rule: string): boolean {
  let node: IConstruct | undefined = scope.node.root;
  for (const part of ['', ...path.split('/')]) {
    node = part === '' ? node : node?.node.tryFindChild(part);
    const acknowledged = node?.node.metadata.some(
      ({ type, data }) =>
        type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && `AwsSolutions::${rule}` in (data as object),
    );
    if (acknowledged) return true;
  }
  return false;
}

/** Acknowledgements without a finding at or below them: leftovers, or misspelt. */
export function unusedAcknowledgements(scope: IConstruct): string[] {
  const findings = new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        id: `AwsSolutions::${ruleName}`,
        path: constructPath,
      })),
    );
  return scope.node.findAll().flatMap((node) =>
    node.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as object))
      .filter((id) => id.startsWith('AwsSolutions::'))
      .filter(
        (id) =>
          !findings.some(
            (finding) => finding.id === id && `${finding.path}/`.startsWith(`${node.node.path}/`),
          ),
      )
      .map((id) => `${id} at ${node.node.path}`),
  );
}
