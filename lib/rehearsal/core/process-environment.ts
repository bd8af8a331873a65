import { runtimeBundle } from '../../files/runtime-bundle';
import type { Party } from './network';
import type { Stage } from './stage';

/** Preload of each process; see runtime/private-network.runtime.ts. */
const NETWORK = runtimeBundle('private-network');

/**
 * Returns environment variables that give a Node.js process the network of the rehearsal.
 * @param party the task or function that the process runs
 * @param own descriptors and the fault of this process, for the preload
 */
export function processEnvironment(
  { workspace, network, region }: Stage,
  party: Party,
  own: { tell: number; guard: number; isServer?: boolean; fault?: string },
) {
  return {
    PATH: process.env['PATH'],
    TMPDIR: workspace.folder('tmp'),
    HOME: workspace.folder('tmp'),
    AWS_REGION: region,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `--import=${NETWORK}`,
    REHEARSAL: JSON.stringify({
      names: network.hostsFor(party),
      isShutIn: network.judge(party, { outside: 'internet' }, 443)?.verdict === 'denied',
      ...own,
    }),
  };
}
