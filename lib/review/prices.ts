/** The price of a resource for its existence, without use. */
export interface Price {
  /** Plural noun for reports. */
  readonly what: string;
  /** US dollars per unit. */
  readonly price: number;
  readonly per: 'hour' | 'month' | 'run';
  /** AWS page with the price. */
  readonly source: string;
}

/** The date of the last price check. Prices change without notice. */
export const PRICES_AS_OF = '2026-11-23';

/** The region of the prices. Most other regions cost 5 to 30 % more. */
export const PRICES_REGION = 'us-east-1';

/** Hours in a month, as AWS calculates. */
export const HOURS_PER_MONTH = 730;

const page = (service: string): string => `https://aws.amazon.com/${service}/pricing/`;

/** The price table: on demand, without free tiers, discounts, support and tax. */
export const PRICES = {
  natGateway: { what: 'NAT gateways', price: 0.045, per: 'hour', source: page('vpc') },
  publicAddress: { what: 'public IPv4 addresses', price: 0.005, per: 'hour', source: page('vpc') },
  interfaceEndpoint: {
    what: 'interface endpoints × zones',
    price: 0.01,
    per: 'hour',
    source: page('privatelink'),
  },
  loadBalancer: {
    what: 'application load balancers',
    price: 0.0225,
    per: 'hour',
    source: page('elasticloadbalancing'),
  },
  armProcessor: { what: 'Fargate vCPUs, arm64', price: 0.03238, per: 'hour', source: page('fargate') },
  armMemory: { what: 'Fargate GB, arm64', price: 0.00356, per: 'hour', source: page('fargate') },
  x86Processor: { what: 'Fargate vCPUs, x86_64', price: 0.04048, per: 'hour', source: page('fargate') },
  x86Memory: { what: 'Fargate GB, x86_64', price: 0.004445, per: 'hour', source: page('fargate') },
  capacityUnit: {
    what: 'Aurora capacity units at the minimum',
    price: 0.12,
    per: 'hour',
    source: page('rds/aurora'),
  },
  proxyUnit: {
    what: 'RDS Proxy capacity units (at least 8)',
    price: 0.015,
    per: 'hour',
    source: page('rds/proxy'),
  },
  key: { what: 'KMS keys', price: 1, per: 'month', source: page('kms') },
  secret: { what: 'secrets', price: 0.4, per: 'month', source: page('secrets-manager') },
  alarmMetric: { what: 'alarm metrics', price: 0.1, per: 'month', source: page('cloudwatch') },
  fastAlarmMetric: {
    what: 'metrics of high-resolution alarms',
    price: 0.3,
    per: 'month',
    source: page('cloudwatch'),
  },
  compositeAlarm: { what: 'composite alarms', price: 0.5, per: 'month', source: page('cloudwatch') },
  dashboard: { what: 'dashboards', price: 3, per: 'month', source: page('cloudwatch') },
  canaryRun: { what: 'canary runs', price: 0.0012, per: 'run', source: page('cloudwatch') },
  webAcl: { what: 'firewall web ACLs', price: 5, per: 'month', source: page('waf') },
  webAclRule: { what: 'firewall rules', price: 1, per: 'month', source: page('waf') },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;

/** Prices by use that the documents quote. No figure of a review includes them. */
export const USE_PRICES = [
  { what: 'objects in S3', price: 0.023, per: 'GB a month', source: page('s3') },
  { what: 'logs searched by a query', price: 0.005, per: 'GB', source: page('cloudwatch') },
  { what: 'custom metrics', price: 0.3, per: 'month', source: page('cloudwatch') },
  { what: 'metrics of Container Insights, enhanced', price: 0.07, per: 'month', source: page('cloudwatch') },
  { what: 'RUM events', price: 1, per: '100,000', source: page('cloudwatch') },
] as const;

/** Fewest capacity units that a proxy is billed for. */
export const PROXY_MINIMUM_UNITS = 8;

/** Costs that depend on use. No figure includes them. */
export const NOT_COUNTED = [
  'traffic of CloudFront, NAT gateways and load balancers by gigabyte and request, between zones and to the internet',
  'the database above its minimum capacity, its storage, I/O and backups',
  'tasks above the minimum, and the tasks of a second release during a deployment',
  'Lambda, Step Functions, S3, ECR, SSM, SNS and DynamoDB by use',
  'some metrics of Container Insights for the cluster and the service, more for each task',
  'logs, log metrics, queries, traces and Database Insights `advanced`',
  'older versions of KMS keys ($1 each for the first two rotations), requests to keys and secrets',
  'free tiers, discounts and reservations, support and tax',
] as const;
