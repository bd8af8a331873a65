import type { Stack } from 'aws-cdk-lib';
import type { Release } from '../application/release';
import { warningText } from '../application/warning';
import { type PlannedWarning, WARNING_METADATA } from '../findings/planned-warning';

/** Adds the warnings of a release's build and check to the plan, so that a review shows them. Notes stay notes. */
export function carryWarnings(stack: Stack, { warnings }: Release): void {
  for (const found of warnings) {
    const warning: PlannedWarning = {
      text: warningText(found),
      secret: found.rule === 'secret-in-client',
      ...(found.severity === 'note' && { note: true }),
    };
    stack.node.addMetadata(WARNING_METADATA, warning);
  }
}
