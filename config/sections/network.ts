import { z } from 'zod';
import { count } from './values';

/** Availability zones and NAT gateways. */
export const network = z.strictObject({
  availabilityZones: z
    .union([
      count(2, 3),
      z
        .array(z.string().regex(/^[a-z0-9]+-az\d$/))
        .min(2)
        .max(3),
    ])
    .meta({
      description:
        'Zones to spread over: how many, or their ids (use1-az1), which mean the same in every account.',
      section: '9.3',
    }),
  natGateways: count(1, 3).meta({
    description:
      'Gateways through which tasks reach the internet. With one, the loss of its zone cuts the others off.',
    section: '9.3',
  }),
});
