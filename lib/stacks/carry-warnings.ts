import type { Stack } from 'aws-cdk-lib';
import type { Release } from '../application/release';
import { warningText } from '../application/warning';
import { type PlannedWarning, WARNING_METADATA } from '../findings/planned-warning';

/** Adds the warnings of a release's build to the plan, so that a review shows them. Notes need no action. */
export function carryWarnings(stack: Stack, { warnings }: Release): void {
  for (const found of warnings.filter(({ severity }) => severity !== 'note')) {
    const warning: PlannedWarning = { text: warningText(found), secret: found.rule === 'secret-in-client' };
    stack.node.addMetadata(WARNING_METADATA, warning);
  }
}
