import { REGIONS_WITHOUT_DATA_API } from '../../constructs/database/data-api-regions';
import { ZONES_WITH_VPC_ORIGINS, zoneIdPrefix } from '../../constructs/network/vpc-origin-zones';
import { hasRdsCertificate } from '../../lib/application/image/rds-certificates';
import type { Problems, Rule } from './rule';

/** Rules for the region and its availability zones. */
export const networkRules: readonly Rule[] = [
  {
    reads: ['region'],
    problems: ({ region }) =>
      hasRdsCertificate(region) && !REGIONS_WITHOUT_DATA_API.has(region)
        ? []
        : [
            [
              'region',
              REGIONS_WITHOUT_DATA_API.has(region)
                ? 'a region where Aurora PostgreSQL has the Data API, which this package uses to manage database roles'
                : 'a region whose database certificates this package includes; without them, the server cannot verify the database. Update this package if the region is new',
            ],
          ],
  },
  {
    reads: ['region', 'network'],
    problems: ({ region, network: { availabilityZones: zones } }) =>
      typeof zones === 'number' ? countedZones(region, zones) : namedZones(region, zones),
  },
  {
    reads: ['network'],
    problems: ({ network: { availabilityZones: zones, natGateways } }) => {
      const count = typeof zones === 'number' ? zones : zones.length;
      return natGateways > count
        ? [['network.natGateways', `1 to ${count}, at most one in each of the ${count} availability zones`]]
        : [];
    },
  },
];

function countedZones(region: string, count: number): Problems {
  const reachable = ZONES_WITH_VPC_ORIGINS[region];
  return reachable && reachable.length < count
    ? [
        [
          'network.availabilityZones',
          `up to ${reachable.length} in ${region}: CloudFront's VPC origins support no other zones there`,
        ],
      ]
    : [];
}

function namedZones(region: string, zones: readonly string[]): Problems {
  const prefix = zoneIdPrefix(region);
  const reachable = ZONES_WITH_VPC_ORIGINS[region];
  return zones.flatMap((zone, index) => {
    const path = `network.availabilityZones.${index}`;
    if (zones.indexOf(zone) < index) return [[path, 'zone ids without duplicates']];
    if (prefix && !zone.startsWith(prefix)) return [[path, `a zone of ${region}, such as ${prefix}1`]];
    if (reachable && !reachable.includes(zone))
      return [
        [path, `${reachable.join(', ')}: CloudFront's VPC origins support no other zones of ${region}`],
      ];
    return [];
  });
}
