/**
 * Regions without the RDS Data API for Aurora PostgreSQL 17, as AWS documented them in November 2026. All other
 * regions are assumed to have the Data API.
 * @see
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
 */
export const REGIONS_WITHOUT_DATA_API: ReadonlySet<string> = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-6',
  'ca-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'eu-central-2',
  'il-central-1',
  'mx-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
]);
