import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { describe, expect, test } from 'vitest';
import { Migrations } from '../../../constructs/migrations';
import { ReleaseSequence } from '../../../constructs/release';
import { DeploymentStrategy, type RollbackOptions } from '../../../constructs/server';
import { serverStack, serverTemplate } from './server-stack';

const ALARM = 'AWS::CloudWatch::Alarm';

interface Query {
  Id: string;
  Expression?: string;
  ReturnData?: boolean;
  MetricStat?: {
    Stat: string;
    Period: number;
    Metric: { MetricName: string; Dimensions: { Name: string }[] };
  };
}

function alarm(what: string, rollback?: RollbackOptions, strategy?: DeploymentStrategy) {
  const found = serverTemplate({ deployment: { rollback, strategy } }).findResources(ALARM, {
    Properties: { AlarmName: `guestbook-test-rollback-${what}` },
  });
  const [properties] = Object.values(found).map(({ Properties }) => Properties);
  const queries = properties.Metrics as Query[];
  return {
    properties,
    queries,
    returned: queries.filter(({ ReturnData }) => ReturnData !== false),
    expression: (id: string) => queries.find((query) => query.Id === id)?.Expression,
    metrics: queries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat] : [])),
  };
}

describe.each(['errors', 'latency', 'unhealthy'])('the alarm on %s', (what) => {
  const { properties, queries, returned, metrics } = alarm(what);

  test('evaluates the worse of both target groups', () => {
    expect(returned.map(({ Expression }) => Expression)).toEqual(['MAX([colour1, colour2])']);
    const groups = new Set(metrics.map(({ Metric }) => JSON.stringify(Metric.Dimensions)));
    expect(groups.size).toBe(2);
  });

  test('has at most the number of metrics that an alarm allows', () => {
    expect(queries.length).toBeLessThanOrEqual(10);
  });

  test('evaluates every minute', () => {
    expect(new Set(metrics.map(({ Period }) => Period))).toEqual(new Set([60]));
  });

  test('stays OK without data', () => {
    expect(properties.TreatMissingData).toBe('notBreaching');
  });

  test('fires within the shortest bake time, even though the last two minutes have no data yet', () => {
    expect(properties.EvaluationPeriods - properties.DatapointsToAlarm).toBe(2);
    expect(properties.DatapointsToAlarm + 2).toBeLessThanOrEqual(5);
  });

  test('evaluates the single target group of a rolling deployment', () => {
    const rolling = alarm(what, undefined, DeploymentStrategy.rolling());
    expect(rolling.returned).toHaveLength(1);
    expect(new Set(rolling.metrics.map(({ Metric }) => JSON.stringify(Metric.Dimensions))).size).toBe(1);
  });
});

describe('the alarm on errors', () => {
  test('counts 5xx and connection errors, as a share of the requests of the same target group', () => {
    const { expression, metrics } = alarm('errors');
    expect(expression('colour2')).toBe(
      'IF(FILL(requests2, 0) >= 10, 100 * (FILL(errors2, 0) + FILL(refused2, 0)) / FILL(requests2, 1), 0)',
    );
    expect(metrics.slice(0, 3).map(({ Metric, Stat }) => [Metric.MetricName, Stat])).toEqual([
      ['RequestCount', 'Sum'],
      ['HTTPCode_Target_5XX_Count', 'Sum'],
      ['TargetConnectionErrorCount', 'Sum'],
    ]);
  });

  test('has the given threshold and minimum of requests', () => {
    const { properties, expression } = alarm('errors', { errorPercent: 1, minimumRequests: 50 });
    expect(properties.Threshold).toBe(1);
    expect(expression('colour1')).toContain('>= 50');
  });
});

describe('the alarm on latency', () => {
  test('evaluates the 95th percentile above the minimum of requests', () => {
    const { expression, metrics } = alarm('latency');
    expect(expression('colour1')).toBe('IF(FILL(requests1, 0) >= 10, FILL(latency1, 0), 0)');
    expect(metrics[1]).toMatchObject({ Stat: 'p95', Metric: { MetricName: 'TargetResponseTime' } });
  });

  test('has the given threshold, in seconds', () => {
    expect(alarm('latency', { latencyP95: Duration.millis(750) }).properties.Threshold).toBe(0.75);
  });
});

describe('the rollback alarms', () => {
  test('are exposed for monitoring', () => {
    const { server } = serverStack();
    expect(server.rollbackAlarms.all).toHaveLength(3);
    expect(server.rollbackAlarms.names).toEqual([
      'guestbook-test-rollback-errors',
      'guestbook-test-rollback-latency',
      'guestbook-test-rollback-unhealthy',
    ]);
  });

  test('are checked before each deployment', () => {
    const template = serverTemplate();
    const [quiet] = Object.values(template.findResources('Custom::QuietRollbackAlarms'));
    expect(quiet?.Properties).toMatchObject({
      Alarms: [{ Ref: expect.any(String) }, { Ref: expect.any(String) }, { Ref: expect.any(String) }],
      TaskDefinition: { Ref: expect.stringMatching(/Task/) },
      WhenFiring: 'refuse',
      ServiceTimeout: '900',
    });
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service?.DependsOn).toContainEqual(expect.stringMatching(/QuietAlarms/));
  });

  test("block migrations, which run in the server's cluster and before its service", () => {
    const { stack, server } = serverStack();
    const migrations = new Migrations(stack, 'Migrations', {
      cluster: server.cluster,
      image: ContainerImage.fromRegistry('guestbook:1'),
      digest: '1',
      environment: {},
      secrets: {},
      securityGroups: [],
    });
    new ReleaseSequence(stack, 'Sequence', { server, migrations });
    const [run] = Object.values(Template.fromStack(stack).findResources('Custom::Migrations'));
    expect(run?.DependsOn).toContainEqual(expect.stringMatching(/QuietAlarms/));
  });

  test("block nothing if whenFiring is 'warn'", () => {
    const template = serverTemplate({ deployment: { rollback: { whenFiring: 'warn' } } });
    template.hasResourceProperties('Custom::QuietRollbackAlarms', { WhenFiring: 'warn' });
  });
});

describe('the check of the running release', () => {
  const template = serverTemplate({ deployment: { maxTaskDefinitionRevisions: 7 } });
  const [check] = Object.values(template.findResources('Custom::RunningRelease'));

  test('depends on the service', () => {
    expect(check?.DependsOn).toContainEqual(expect.stringMatching(/^ServerService/));
  });

  test('expects the revision of this template', () => {
    expect(check?.Properties).toMatchObject({
      Cluster: 'guestbook-test',
      Service: 'guestbook-test',
      TaskDefinition: { Ref: expect.stringMatching(/^ServerTask/) },
      Keep: '7',
    });
  });

  test('always answers its stack in time', () => {
    expect(Number(check?.Properties.ServiceTimeout)).toBeLessThanOrEqual(15 * 60);
  });
});
