import { named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';

/** Port of the public address that a canary visits. */
const HTTPS = 443;

/** Resource types of Synthetics. Canaries do not run here, but their way to the internet is judged. */
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
