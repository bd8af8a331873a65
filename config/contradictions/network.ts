import { REGIONS_WITHOUT_DATA_API } from '../../constructs/database/data-api-regions';
import { ZONES_WITH_VPC_ORIGINS, zoneIdPrefix } from '../../constructs/network/vpc-origin-zones';
import { hasRdsCertificate } from '../../lib/application/image/rds-certificates';
import type { Problems, Rule } from './rule';

/** Rules of the region and its zones. */
export const networkRules: readonly Rule[] = [
  {
    reads: ['region'],
    problems: ({ region }) =>
      hasRdsCertificate(region) && !REGIONS_WITHOUT_DATA_API.has(region)
        ? []
        : [
            [
              'region',
              hasRdsCertificate(region)
                ? 'a region where Aurora PostgreSQL has the Data API, which manages the roles of the database'
                : 'a region whose database certificates this package has: without them the server could not verify the database. A newer version of this package may know them',
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
          `up to ${reachable.length} in ${region}: CloudFront's VPC origins reach no other zones there`,
        ],
      ]
    : [];
}

function namedZones(region: string, zones: readonly string[]): Problems {
  const prefix = zoneIdPrefix(region);
  const reachable = ZONES_WITH_VPC_ORIGINS[region];
  return zones.flatMap((zone, index) => {
    const path = `network.availabilityZones.${index}`;
    if (zones.indexOf(zone) < index) return [[path, 'a zone that the list has once']];
    if (prefix && !zone.startsWith(prefix)) return [[path, `a zone of ${region}, such as ${prefix}1`]];
    if (reachable && !reachable.includes(zone))
      return [[path, `${reachable.join(', ')}: CloudFront's VPC origins reach no other zones of ${region}`]];
    return [];
  });
}
