import { named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';

/** Port of the public address that a canary visits. */
const HTTPS = 443;

/** Resource types of Synthetics. A rehearsal does not run canaries, but judges their connection to the internet. */
export function syntheticsResources({ network }: Stage): ResourceHandlers {
  return {
    'AWS::Synthetics::Canary': {
      supportedProperties: ['Name', 'VPCConfig'],
      apply(request) {
        const { id: name, stack, properties } = request;
        network.refusal({ name, stack: stack.name }, { outside: 'internet' }, HTTPS);
        return { Ref: properties['Name'] ?? named(request), Id: named(request) };
      },
    },
  };
}
