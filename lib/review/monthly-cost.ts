import type { Plan, PlannedStack, Resource } from './plan';
import { HOURS_PER_MONTH, PRICES, PROXY_MINIMUM_UNITS, type PriceName } from './prices';

/** One line of a bill. */
export interface CostLine {
  readonly name: PriceName;
  readonly what: string;
  readonly quantity: number;
  /** US dollars a month. */
  readonly monthly: number;
}

/** The monthly cost of a plan without traffic, in US dollars. */
export interface MonthlyCost {
  readonly total: number;
  /** The most expensive first. */
  readonly lines: readonly CostLine[];
  /** Resources without a known price, such as `AWS::RDS::DBInstance (db.r7g.large)`. */
  readonly unpriced: readonly string[];
}

/** AWS resource types that are billed by the hour and are not in the price table. */
const DEAR =
  /^AWS::(EC2::(Instance|TransitGateway\w*|VPNConnection|ClientVpnEndpoint)|ElastiCache::\w*(Cluster|Group|Cache)|MemoryDB::Cluster|OpenSearchService::Domain|EKS::Cluster|MSK::Cluster|Redshift::Cluster|DocDB::DBInstance|Neptune::DBInstance|AmazonMQ::Broker|Kinesis::Stream|DMS::ReplicationInstance|NetworkFirewall::Firewall|GlobalAccelerator::Accelerator|EFS::FileSystem|AutoScaling::AutoScalingGroup)$/;

/** Calculates the monthly cost of a plan without traffic, from the table in `prices.ts`. */
export function monthlyCost(plan: Plan): MonthlyCost {
  const bill = new Bill();
  for (const stack of plan.stacks) new StackCost(stack, bill).add();
  return bill.sum();
}

class Bill {
  private readonly quantities = new Map<PriceName, number>();
  private readonly unpriced = new Set<string>();

  add(name: PriceName, quantity = 1): void {
    if (quantity > 0) this.quantities.set(name, (this.quantities.get(name) ?? 0) + quantity);
  }

  unknown(what: string): void {
    this.unpriced.add(what);
  }

  sum(): MonthlyCost {
    const lines = [...this.quantities]
      .map(([name, quantity]): CostLine => {
        const { what, price, per } = PRICES[name];
        return {
          name,
          what,
          quantity,
          monthly: cents(quantity * price * (per === 'hour' ? HOURS_PER_MONTH : 1)),
        };
      })
      .sort((a, b) => b.monthly - a.monthly || a.what.localeCompare(b.what));
    return {
      total: cents(lines.reduce((sum, { monthly }) => sum + monthly, 0)),
      lines,
      unpriced: [...this.unpriced].sort(),
    };
  }
}

type Properties = Readonly<Record<string, unknown>>;

/** The cost of one stack. */
class StackCost {
  private readonly resources: readonly (readonly [string, Resource])[];

  constructor(
    stack: PlannedStack,
    private readonly bill: Bill,
  ) {
    this.resources = Object.entries(stack.template.Resources ?? {});
  }

  add(): void {
    for (const [id, { Type, Properties: given = {} }] of this.resources) {
      const add = this.by[Type];
      if (add) add(given, id);
      else if (DEAR.test(Type)) this.bill.unknown(Type);
    }
  }

  /** A function for each type that adds its cost. */
  private readonly by: Readonly<Record<string, (properties: Properties, id: string) => void>> = {
    'AWS::EC2::NatGateway': () => this.bill.add('natGateway'),
    'AWS::EC2::EIP': () => this.bill.add('publicAddress'),
    'AWS::EC2::VPCEndpoint': ({ VpcEndpointType, SubnetIds }) => {
      if (VpcEndpointType === 'Interface') this.bill.add('interfaceEndpoint', lengthOf(SubnetIds) || 1);
    },
    'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Type = 'application', Scheme, Subnets }) => {
      if (Type !== 'application') return this.bill.unknown(`load balancer (${String(Type)})`);
      this.bill.add('loadBalancer');
      if (Scheme !== 'internal') this.bill.add('publicAddress', lengthOf(Subnets));
    },
    'AWS::ECS::Service': (properties, id) => this.service(properties, id),
    'AWS::RDS::DBCluster': (properties, id) => {
      const units = this.capacityUnits(id, properties);
      if (properties['StorageType'] === 'aurora-iopt1') this.bill.unknown('Aurora I/O-Optimized');
      else this.bill.add('capacityUnit', units);
      // RDS stores the owner's password in a secret of its own.
      if (properties['ManageMasterUserPassword'] === true) this.bill.add('secret');
      if (properties['DatabaseInsightsMode'] === 'advanced')
        this.bill.unknown('Database Insights (advanced)');
    },
    'AWS::RDS::DBInstance': ({ DBInstanceClass }) => {
      if (DBInstanceClass !== 'db.serverless')
        this.bill.unknown(`AWS::RDS::DBInstance (${String(DBInstanceClass)})`);
    },
    'AWS::RDS::DBProxy': (_, id) => {
      const cluster = this.clusterOf(id);
      const units = cluster ? this.capacityUnits(...cluster) : 0;
      this.bill.add('proxyUnit', Math.max(PROXY_MINIMUM_UNITS, units));
    },
    'AWS::KMS::Key': () => this.bill.add('key'),
    'AWS::SecretsManager::Secret': () => this.bill.add('secret'),
    'AWS::CloudWatch::Alarm': ({ Metrics, Period }) => {
      const queries = (Array.isArray(Metrics) ? Metrics : []) as { MetricStat?: { Period?: unknown } }[];
      const periods =
        queries.length > 0 ? queries.flatMap((query) => query.MetricStat?.Period ?? []) : [Period];
      const fast = periods.some((period) => Number(period) < 60);
      this.bill.add(fast ? 'fastAlarmMetric' : 'alarmMetric', periods.length || 1);
    },
    'AWS::CloudWatch::CompositeAlarm': () => this.bill.add('compositeAlarm'),
    'AWS::CloudWatch::Dashboard': () => this.bill.add('dashboard'),
    'AWS::Synthetics::Canary': ({ Schedule }) => {
      const runs = runsPerMonth((Schedule as { Expression?: unknown } | undefined)?.Expression);
      if (runs === undefined) this.bill.unknown('AWS::Synthetics::Canary (its schedule)');
      else this.bill.add('canaryRun', runs);
    },
    'AWS::WAFv2::WebACL': ({ Rules }) => {
      this.bill.add('webAcl');
      this.bill.add('webAclRule', lengthOf(Rules));
    },
  };

  private service(properties: Properties, id: string): void {
    const task = this.find(
      'AWS::ECS::TaskDefinition',
      (_, other) => other === refOf(properties['TaskDefinition']),
    );
    const { Cpu, Memory, RuntimePlatform } = task?.[1] ?? {};
    const [processors, memory] = [Number(Cpu) / 1024, Number(Memory) / 1024];
    if (!(processors > 0 && memory > 0)) {
      this.bill.unknown('AWS::ECS::Service (its task)');
      return;
    }
    const target = this.find('AWS::ApplicationAutoScaling::ScalableTarget', ({ ResourceId }) =>
      JSON.stringify(ResourceId ?? null).includes(`"${id}"`),
    );
    const tasks = Number(target?.[1]['MinCapacity'] ?? properties['DesiredCount'] ?? 1);
    const arm = (RuntimePlatform as Properties | undefined)?.['CpuArchitecture'] === 'ARM64';
    this.bill.add(arm ? 'armProcessor' : 'x86Processor', tasks * processors);
    this.bill.add(arm ? 'armMemory' : 'x86Memory', tasks * memory);
    if (JSON.stringify(properties['NetworkConfiguration'] ?? null).includes('"AssignPublicIp":"ENABLED"'))
      this.bill.add('publicAddress', tasks);
  }

  /** Returns the minimum capacity of a serverless cluster for all its instances together; 0 for other clusters. */
  private capacityUnits(id: string, cluster: Properties): number {
    const scaling = cluster['ServerlessV2ScalingConfiguration'] as { MinCapacity?: number } | undefined;
    const instances = this.resources.filter(
      ([, { Type, Properties: given = {} }]) =>
        Type === 'AWS::RDS::DBInstance' &&
        given['DBInstanceClass'] === 'db.serverless' &&
        refOf(given['DBClusterIdentifier']) === id,
    );
    return Number(scaling?.MinCapacity ?? 0) * instances.length;
  }

  private clusterOf(proxy: string): [string, Properties] | undefined {
    const group = this.find(
      'AWS::RDS::DBProxyTargetGroup',
      ({ DBProxyName }) => refOf(DBProxyName) === proxy,
    );
    const [cluster] = (group?.[1]['DBClusterIdentifiers'] ?? []) as unknown[];
    return this.find('AWS::RDS::DBCluster', (_, id) => id === refOf(cluster));
  }

  private find(
    type: string,
    matches: (properties: Properties, id: string) => boolean,
  ): [string, Properties] | undefined {
    for (const [id, { Type, Properties: given = {} }] of this.resources)
      if (Type === type && matches(given, id)) return [id, given];
    return undefined;
  }
}

function refOf(value: unknown): string | undefined {
  return (value as { Ref?: string } | undefined)?.Ref;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Returns the runs of a `rate(5 minutes)` in a month, or undefined for other expressions. */
function runsPerMonth(expression: unknown): number | undefined {
  const [, number, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(expression)) ?? [];
  if (!number || !unit) return undefined;
  const minutes = Number(number) * (unit === 'hour' ? 60 : 1);
  // A canary with `rate(0 minutes)` runs once.
  return minutes === 0 ? 0 : Math.round((HOURS_PER_MONTH * 60) / minutes);
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
