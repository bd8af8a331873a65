import type { Stack } from 'aws-cdk-lib';
import type { Release } from '../application/release';
import { type PlannedWarning, WARNING_METADATA } from '../plan-metadata';

/** Has the warnings of a release's build travel in the plan, so that a review shows them. */
export function carryWarnings(stack: Stack, { warnings, clientSecrets = [] }: Release): void {
  for (const text of warnings) {
    const warning: PlannedWarning = { text, secret: clientSecrets.includes(text) };
    stack.node.addMetadata(WARNING_METADATA, warning);
  }
}
