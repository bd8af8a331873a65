import { afterAll, describe, expect, test } from 'vitest';
import { monthlyCost } from '../../lib/review/monthly-cost';
import type { Plan, Resource } from '../../lib/review/plan';
import { PRICES, PRICES_AS_OF } from '../../lib/review/prices';
import { readPlan } from '../../lib/review/read-plan';
import { testEnvironment } from '../support/environment';
import { removeFolders } from './assembly-folder';

afterAll(removeFolders);

const plan = (Resources: Record<string, Resource>): Plan => ({
  stacks: [{ name: 'shop', constructPaths: {}, template: { Resources } }],
});
const quantities = (Resources: Record<string, Resource>) => {
  const { lines, unpriced } = monthlyCost(plan(Resources));
  return { ...Object.fromEntries(lines.map(({ name, quantity }) => [name, quantity])), unpriced };
};
const resource = (Type: string, Properties: Record<string, unknown> = {}): Resource => ({ Type, Properties });

describe('the price of', () => {
  const cluster = resource('AWS::RDS::DBCluster', {
    ServerlessV2ScalingConfiguration: { MinCapacity: 6, MaxCapacity: 16 },
  });
  const instance = resource('AWS::RDS::DBInstance', {
    DBInstanceClass: 'db.serverless',
    DBClusterIdentifier: { Ref: 'Cluster' },
  });
  const proxy = {
    Proxy: resource('AWS::RDS::DBProxy'),
    Targets: resource('AWS::RDS::DBProxyTargetGroup', {
      DBProxyName: { Ref: 'Proxy' },
      DBClusterIdentifiers: [{ Ref: 'Cluster' }],
    }),
  };

  test('a serverless database: minimum capacity of each instance, plus one proxy', () => {
    expect(quantities({ Cluster: cluster, Writer: instance, Reader: instance, ...proxy })).toEqual({
      capacityUnit: 12,
      proxyUnit: 12,
      unpriced: [],
    });
  });

  test('a proxy: at least eight units', () => {
    expect(quantities({ Cluster: cluster, Writer: instance, ...proxy })).toMatchObject({ proxyUnit: 8 });
  });

  test('a database that pauses: zero', () => {
    const pausing = resource('AWS::RDS::DBCluster', { ServerlessV2ScalingConfiguration: { MinCapacity: 0 } });
    expect(quantities({ Cluster: pausing, Writer: instance })).toEqual({ unpriced: [] });
  });

  test('a service: minimum tasks, by processor', () => {
    const task = (CpuArchitecture: string) =>
      resource('AWS::ECS::TaskDefinition', {
        Cpu: '512',
        Memory: '1024',
        RuntimePlatform: { CpuArchitecture },
      });
    const service = resource('AWS::ECS::Service', { TaskDefinition: { Ref: 'Task' }, DesiredCount: 3 });
    const scaling = resource('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      ResourceId: { 'Fn::Join': ['', ['service/x/', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
    });
    expect(quantities({ Task: task('ARM64'), Service: service, Scaling: scaling })).toEqual({
      armProcessor: 1,
      armMemory: 2,
      unpriced: [],
    });
    expect(quantities({ Task: task('X86_64'), Service: service })).toEqual({
      x86Processor: 1.5,
      x86Memory: 3,
      unpriced: [],
    });
  });

  test('load balancers: one address per subnet if public', () => {
    const balancer = (Scheme: string) =>
      resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme, Subnets: ['a', 'b'] });
    expect(quantities({ Balancer: balancer('internal') })).toEqual({ loadBalancer: 1, unpriced: [] });
    expect(quantities({ Balancer: balancer('internet-facing') })).toMatchObject({ publicAddress: 2 });
  });

  test('alarms: each metric, more with periods below a minute', () => {
    const alarm = (Properties: Record<string, unknown>) => resource('AWS::CloudWatch::Alarm', Properties);
    expect(
      quantities({
        Plain: alarm({ MetricName: 'Errors', Period: 60 }),
        Math: alarm({
          Metrics: [{ Expression: 'a/b' }, { MetricStat: { Period: 300 } }, { MetricStat: { Period: 300 } }],
        }),
        Fast: alarm({ MetricName: 'Errors', Period: 10 }),
      }),
    ).toMatchObject({ alarmMetric: 3, fastAlarmMetric: 1 });
  });

  test('canaries: each run of a rate schedule', () => {
    const canary = (Expression: string) => resource('AWS::Synthetics::Canary', { Schedule: { Expression } });
    expect(quantities({ Canary: canary('rate(5 minutes)') })).toMatchObject({ canaryRun: 8760 });
    expect(quantities({ Canary: canary('rate(1 hour)') })).toMatchObject({ canaryRun: 730 });
    expect(quantities({ Canary: canary('rate(0 minute)') })).toEqual({ unpriced: [] });
    expect(quantities({ Canary: canary('cron(0 * * * ? *)') }).unpriced).toEqual([
      'AWS::Synthetics::Canary (its schedule)',
    ]);
  });

  test('a resource without a known price: its name', () => {
    const { unpriced } = monthlyCost(
      plan({
        Database: resource('AWS::RDS::DBInstance', { DBInstanceClass: 'db.r7g.large' }),
        Machine: resource('AWS::EC2::Instance'),
        Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network' }),
        Topic: resource('AWS::SNS::Topic'),
      }),
    );
    expect(unpriced).toEqual([
      'AWS::EC2::Instance',
      'AWS::RDS::DBInstance (db.r7g.large)',
      'load balancer (network)',
    ]);
  });
});

test('the total of production is the sum of its parts', { timeout: 120_000 }, async () => {
  const { app } = testEnvironment('production');
  const { total, lines, unpriced } = monthlyCost(await readPlan(app.synth().directory, { applied: 'all' }));
  expect(unpriced).toEqual([]);
  const monthly = Object.fromEntries(lines.map((line) => [line.name, line.monthly]));
  expect(monthly).toMatchObject({
    natGateway: 65.7, // 2 × 0.045 × 730
    publicAddress: 7.3,
    capacityUnit: 350.4, // 2 instances × 2 × 0.12 × 730
    proxyUnit: 87.6,
    loadBalancer: 16.43,
    armProcessor: 47.27,
    key: 1,
    dashboard: 3,
  });
  expect(total).toBeCloseTo(
    lines.reduce((sum, line) => sum + line.monthly, 0),
    2,
  );
});

test('every price has a source and a date', () => {
  expect(PRICES_AS_OF).toMatch(/^20\d\d-\d\d-\d\d$/);
  for (const { price, source } of Object.values(PRICES)) {
    expect(price).toBeGreaterThan(0);
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/pricing\/$/);
  }
});
