import type { Stack } from 'aws-cdk-lib';
import type { Release } from '../application/release';

/** Key of the template's metadata, which the rehearsal reads. */
const WEB_SOCKETS_METADATA = 'framework53:web-sockets';

/** Adds the addresses of a release's WebSockets to the template, so that a rehearsal opens them. */
export function carryWebSockets(stack: Stack, { server: { webSockets = [] } }: Release): void {
  if (webSockets.length > 0) stack.addMetadata(WEB_SOCKETS_METADATA, webSockets);
}
