import { z } from 'zod';
import { count } from './values';

/** Settings of availability zones and NAT gateways. */
export const network = z.strictObject({
  availabilityZones: z
    .union([
      count(2, 3),
      z
        .array(
          z
            .string()
            .regex(/^[a-z0-9]+-az\d$/)
            .meta({ allowed: 'zone ids such as use1-az1' }),
        )
        .min(2)
        .max(3),
    ])
    .meta({
      description:
        'Availability zones: a number, or zone ids (use1-az1), which are the same in every account.',
      section: '9.3',
    }),
  natGateways: count(1, 3).meta({
    description:
      'NAT gateways, through which tasks reach the internet. With one gateway, an outage of its zone cuts off the other zones.',
    section: '9.3',
  }),
});
