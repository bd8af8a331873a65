import type { Stack } from 'aws-cdk-lib';
import type { Release } from '../application/release';
import { warningText } from '../application/warning';
import {
  MIGRATIONS_FOLDER_METADATA,
  type PlannedWarning,
  WARNING_METADATA,
} from '../findings/planned-warning';

/** Key of the template's metadata, which the rehearsal reads. */
const WEB_SOCKETS_METADATA = 'framework53:web-sockets';

/**
 * Adds to the plan what only the release knows: its warnings and the folder of its migrations, for a review, and the
 * addresses of its WebSockets, for a rehearsal. The warnings are those of the build and of the check. Notes stay notes.
 */
export function carryRelease(
  stack: Stack,
  { warnings, migrations: { folder }, server: { webSockets = [] } }: Release,
): void {
  for (const found of warnings) {
    const warning: PlannedWarning = {
      text: warningText(found),
      secret: found.rule === 'secret-in-client',
      ...(found.severity === 'note' && { note: true }),
    };
    stack.node.addMetadata(WARNING_METADATA, warning);
  }
  if (folder !== undefined) stack.node.addMetadata(MIGRATIONS_FOLDER_METADATA, folder);
  if (webSockets.length > 0) stack.addMetadata(WEB_SOCKETS_METADATA, webSockets);
}
