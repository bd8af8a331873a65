import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { ConnectionPooling } from '../../../constructs/database';
import { testDatabase } from './database-stack';

const { stack, database } = testDatabase({ readers: 1 });
const { metrics } = database;
const dimensions = (metric: Metric | undefined) => stack.resolve(metric?.dimensions);

test.each([
  ['cpu', 'CPUUtilization'],
  ['acuUtilization', 'ACUUtilization'],
  ['freeableMemory', 'FreeableMemory'],
  ['connections', 'DatabaseConnections'],
  ['deadlocks', 'Deadlocks'],
  ['commitLatency', 'CommitLatency'],
] as const)('%s is %s of the writer', (name, metricName) => {
  const metric = metrics[name]()!;
  expect(metric).toMatchObject({ namespace: 'AWS/RDS', metricName });
  expect(dimensions(metric)).toEqual({
    DBClusterIdentifier: { Ref: expect.stringMatching(/^DatabaseCluster/) },
    Role: 'WRITER',
  });
});
test.each([
  ['borrowLatency', 'DatabaseConnectionsBorrowLatency', 'Average'],
  ['pinned', 'DatabaseConnectionsCurrentlySessionPinned', 'Sum'],
  ['borrowed', 'DatabaseConnectionsCurrentlyBorrowed', 'Sum'],
  ['failedLogins', 'ClientConnectionsSetupFailedAuth', 'Sum'],
] as const)('%s is %s of the proxy', (name, metricName, statistic) => {
  const metric = metrics[name]()!;
  expect(metric).toMatchObject({ namespace: 'AWS/RDS', metricName, statistic });
  expect(metric.period.toSeconds()).toBe(60);
  expect(dimensions(metric)).toEqual({ ProxyName: { Ref: expect.stringMatching(/^DatabaseProxy/) } });
});
test('connection use is a percentage of max_connections', () => {
  expect(metrics.connectionUse(823).expression).toBe('100 * connections / 823');
});
test('a metric takes options', () => {
  expect(metrics.cpu({ label: 'CPU' }).label).toBe('CPU');
});

describe('missing parts', () => {
  test('have no lag metric without readers', () => {
    expect(metrics.replicaLag()?.metricName).toBe('AuroraReplicaLagMaximum');
    expect(testDatabase().database.metrics.replicaLag()).toBeUndefined();
  });
  test('have no proxy metrics without a proxy', () => {
    const { metrics } = testDatabase({ pooling: ConnectionPooling.none() }).database;
    expect([metrics.borrowLatency(), metrics.pinned(), metrics.borrowed(), metrics.failedLogins()]).toEqual(
      Array(4).fill(undefined),
    );
  });
  test('have no capacity metric for a fixed instance class', () => {
    const { metrics } = testDatabase({ capacity: { instanceType: new InstanceType('r8g.large') } }).database;
    expect(metrics.acuUtilization()).toBeUndefined();
  });
});

describe('suggested alarms', () => {
  const budget = { maxConnections: 823, lent: 699 };
  const ids = (props: Parameters<typeof testDatabase>[0]) =>
    testDatabase(props)
      .database.metrics.suggestedAlarms(budget)
      .map(({ id }) => id);

  test('cover database and proxy', () => {
    expect(metrics.suggestedAlarms(budget).map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'page DatabaseConnections',
      'ticket DatabaseCpu',
      'ticket DatabaseAtMaximumCapacity',
      'ticket DatabaseMemory',
      'ticket DatabaseDeadlocks',
      'ticket DatabaseCommitLatency',
      'ticket DatabaseReplicaLag',
      'page ProxyBorrowLatency',
      'ticket ProxyPinning',
      'page ProxyFailedLogins',
    ]);
  });
  test('omit missing parts', () => {
    expect(ids({ pooling: ConnectionPooling.none() }).filter((id) => /Proxy|Lag/.test(id))).toEqual([]);
  });
  test("fire on pinning of half of the proxy's connections", () => {
    const pinning = metrics.suggestedAlarms(budget).find(({ id }) => id === 'ProxyPinning');
    expect(pinning?.threshold).toBe(349);
  });
  test('have a meaning and an action', () => {
    for (const { description, remedy } of metrics.suggestedAlarms(budget))
      expect([description, remedy].every((text) => text.endsWith('.'))).toBe(true);
  });
});
