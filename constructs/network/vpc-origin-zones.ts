/**
 * Zones that CloudFront's VPC origins support, for the regions in which they do not support every zone.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
export const ZONES_WITH_VPC_ORIGINS: Readonly<Record<string, readonly string[]>> = {
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
  'ap-northeast-2': ['apne2-az2', 'apne2-az3', 'apne2-az4'],
  'ca-central-1': ['cac1-az1', 'cac1-az2', 'cac1-az4'],
  'us-east-1': ['use1-az1', 'use1-az2', 'use1-az4'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
};

/** Abbreviations in zone ids for the direction in a region's name. */
const DIRECTIONS: Readonly<Record<string, string>> = {
  north: 'n',
  northeast: 'ne',
  northwest: 'nw',
  east: 'e',
  southeast: 'se',
  south: 's',
  southwest: 'sw',
  west: 'w',
  central: 'c',
};

/**
 * Returns the prefix of zone ids in a region: `use1-az` for us-east-1. Returns undefined if the region's name has
 * another form.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
export function zoneIdPrefix(region: string): string | undefined {
  const [, area, direction, number] = /^([a-z]{2})-([a-z]+)-(\d)$/.exec(region) ?? [];
  const letters = DIRECTIONS[direction ?? ''];
  return letters && `${area}${letters}${number}-az`;
}
