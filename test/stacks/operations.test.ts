import { runInNewContext } from 'node:vm';
import type { Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { MonitoringAlarm } from '../../constructs/monitoring';
import { resources, testEnvironment } from '../support/environment';

const here = testEnvironment('production');
const elsewhere = testEnvironment('production', { region: 'eu-west-1' });
const development = testEnvironment('development');
const operations = here.environment.operations;
const alarms = MonitoringAlarm.in(operations);
const ofType = (stack: Stack, type: string) =>
  Object.values(resources(stack)).filter(({ Type }) => Type === type);
const metricAlarms = ofType(operations, 'AWS::CloudWatch::Alarm');
const idsOf = (severity: string) =>
  alarms.filter(({ summary }) => summary.severity === severity).map(({ summary }) => summary.id);

/** Returns the widgets of a dashboard, with tokens as they are in the template. */
function widgets(stack: Stack) {
  const [dashboard] = ofType(stack, 'AWS::CloudWatch::Dashboard');
  const body = dashboard!.Properties.DashboardBody;
  const [, parts] = body['Fn::Join'] as [string, unknown[]];
  const json = parts.map((part) => (typeof part === 'string' ? part : 'TOKEN')).join('');
  // biome-ignore lint/suspicious/noExplicitAny: a dashboard is read, not typed
  return JSON.parse(json).widgets as { type: string; properties: any }[];
}

describe('alarms', () => {
  test('page for effects on users, and open tickets for the rest', () => {
    expect(idsOf('page')).toEqual([
      'canary-fails',
      'edge-errors',
      'availability-fast-burn',
      'availability-burn',
      'latency-fast-burn',
      'latency-burn',
      'server-fails',
      'missing-tasks',
      'database-connections',
      'proxy-borrow-latency',
      'proxy-failed-logins',
    ]);
    expect(idsOf('ticket')).toEqual([
      'errors-logged',
      'availability-slow-burn',
      'latency-slow-burn',
      'client-errors',
      'connection-errors',
      'server-cpu',
      'server-memory',
      'failing-tasks',
      'failed-release',
      'database-cpu',
      'database-at-maximum-capacity',
      'database-memory',
      'database-deadlocks',
      'database-commit-latency',
      'database-replica-lag',
      'proxy-pinning',
    ]);
  });

  test('all have a description, and a name that starts with the severity', () => {
    const composites = ofType(operations, 'AWS::CloudWatch::CompositeAlarm');
    expect(metricAlarms.length + composites.length).toBe(alarms.length);
    for (const { Properties } of [...metricAlarms, ...composites]) {
      expect(Properties.AlarmName).toMatch(/^shop-production-(page|ticket|part)-[a-z0-9-]+$/);
      expect(Properties.AlarmDescription).toMatch(/^.+\nFires when .+\nFirst: .+\nSeverity: .+#[a-z-]+$/);
    }
    const names = alarms.map(({ summary }) => summary.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("reuse the server's rollback alarms", () => {
    const rules = ofType(operations, 'AWS::CloudWatch::CompositeAlarm').map(({ Properties }) =>
      JSON.stringify(Properties.AlarmRule),
    );
    for (const name of here.environment.release.server.rollbackAlarms.names) {
      expect(rules.filter((rule) => rule.includes(name))).toHaveLength(1);
      expect(metricAlarms.some(({ Properties }) => Properties.AlarmName === name)).toBe(false);
    }
  });

  test("stay within CloudWatch's limits of ten metrics and of evaluated days", () => {
    for (const { Properties } of metricAlarms) {
      // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
      const stats = (Properties.Metrics ?? []).flatMap(({ MetricStat }: any) => MetricStat ?? []);
      expect(stats.length).toBeLessThanOrEqual(10);
      const period = stats[0]?.Period ?? Properties.Period;
      expect(period * Properties.EvaluationPeriods).toBeLessThanOrEqual(period < 3600 ? 86_400 : 604_800);
      // Metrics of a Sum over a minute may not be stretched: all of an alarm are over the same time.
      // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
      expect(new Set(stats.map((stat: any) => stat.Period)).size).toBeLessThanOrEqual(1);
    }
  });

  test('treat missing data as breaching only for expected signals', () => {
    const bad = alarms.filter(({ summary }) => summary.missingData === 'bad');
    expect(bad.map(({ summary }) => summary.id)).toEqual(['canary-fails']);
  });

  test('for CloudFront are in us-east-1 only', () => {
    const { environment } = elsewhere;
    const ids = (stack: Stack) => MonitoringAlarm.in(stack).map(({ summary }) => summary.id);
    expect(ids(environment.operations)).not.toContain('edge-errors');
    expect(ids(environment.edgeOperations!)).toEqual(['edge-errors']);
    expect(JSON.stringify(ofType(environment.operations, 'AWS::CloudWatch::Alarm'))).not.toContain(
      'AWS/CloudFront',
    );
  });
});

/** Returns the API alarms that evaluate a period as bad, for these sums of load balancer metrics. */
function judged(values: Readonly<Record<string, number>>): string[] {
  const math = {
    FILL: (value: number | undefined, other: number) => value ?? other,
    IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
    MAX: (numbers: number[]) => Math.max(...numbers),
  };
  return metricAlarms
    .map(({ Properties }) => Properties)
    .filter(({ Metrics = [] }) => JSON.stringify(Metrics).includes('AWS/ApplicationELB'))
    .filter(({ Metrics, Threshold }) => {
      // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
      const value = (query: any): number | undefined => {
        const { Expression, MetricStat } = query;
        if (MetricStat)
          return values[MetricStat.Stat.startsWith('PR') ? 'fast' : MetricStat.Metric.MetricName];
        // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
        const used = Metrics.filter(({ Id }: any) => new RegExp(`\\b${Id}\\b`).test(Expression));
        // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
        const known = Object.fromEntries(used.map((other: any) => [other.Id, value(other)]));
        return runInNewContext(Expression, { ...math, ...known });
      };
      // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
      const result = value(Metrics.find(({ ReturnData }: any) => ReturnData !== false));
      return result !== undefined && result > Threshold;
    })
    .map(({ AlarmName }) => AlarmName.replace('shop-production-', ''));
}

describe('alarms on load balancer metrics', () => {
  const healthy = { RequestCount: 10_000, fast: 99.9 };
  const availability = (...pairs: string[]) =>
    pairs.flatMap((pair) => [`part-availability-${pair}-long`, `part-availability-${pair}-short`]);

  test('do not fire in normal operation', () => {
    expect(judged(healthy)).toEqual([]);
    expect(judged({ ...healthy, HTTPCode_Target_5XX_Count: 5, HTTPCode_Target_4XX_Count: 500 })).toEqual([]);
  });

  test('fire according to the burn rate of the error budget', () => {
    expect(judged({ ...healthy, HTTPCode_Target_5XX_Count: 15 })).toEqual(availability('slow-burn'));
    expect(judged({ ...healthy, HTTPCode_Target_5XX_Count: 70 })).toEqual(availability('burn', 'slow-burn'));
    expect(judged({ ...healthy, HTTPCode_Target_5XX_Count: 200 })).toEqual(
      availability('fast-burn', 'burn', 'slow-burn'),
    );
    expect(judged({ ...healthy, fast: 80 })).toHaveLength(6);
  });

  test('fire if no request reaches a task, although request counts are then missing', () => {
    expect(judged({ HTTPCode_ELB_5XX_Count: 500 })).toEqual(availability('fast-burn', 'burn', 'slow-burn'));
  });

  test('do not fire for a few errors at low traffic, but for an outage', () => {
    expect(judged({ RequestCount: 90, HTTPCode_Target_5XX_Count: 9, fast: 90 })).toEqual([]);
    expect(judged({ RequestCount: 20, HTTPCode_Target_5XX_Count: 20, fast: 100 })).toEqual(
      availability('fast-burn', 'burn', 'slow-burn'),
    );
    expect(judged({})).toEqual([]);
  });

  test('fire for TLS and connection errors', () => {
    expect(judged({ ...healthy, HTTPCode_Target_4XX_Count: 5000 })).toEqual(['ticket-client-errors']);
    expect(judged({ ...healthy, TargetConnectionErrorCount: 50 })).toEqual(['ticket-connection-errors']);
  });
});

describe('the dashboard', () => {
  const shown = widgets(operations);

  test('starts with firing alarms, followed by five sections', () => {
    expect(shown.slice(0, 2).map(({ properties }) => properties.title)).toEqual(['Pages', 'Tickets']);
    const headings = shown.flatMap(({ type, properties }) => (type === 'text' ? [properties.markdown] : []));
    expect(headings.filter((text) => text.startsWith('## '))).toEqual([
      '## User experience',
      '## API: requests, errors, latency',
      '## Server health',
      '## Database and proxy',
      '## Business',
    ]);
  });

  test('draws the threshold of every numeric alarm', () => {
    const drawn = shown.flatMap(({ properties }) =>
      (properties.annotations?.horizontal ?? [])
        .map(({ label }: { label: string }) => label)
        .filter((label: string) => !label.startsWith('promised')),
    );
    const expected = alarms
      .filter(({ summary, alarm }) => summary.severity !== 'part' && 'metric' in alarm)
      .map(({ summary }) => `${summary.severity}: ${summary.id}`)
      // Where the environment is elsewhere, this one is of another stack.
      .filter((label) => label !== 'page: edge-errors');
    expect([...new Set(drawn)].sort()).toEqual(expected.sort());
  });

  test('has a table of log figures per route', () => {
    const tables = shown.filter(({ type }) => type === 'log').map(({ properties }) => properties);
    expect(tables.map(({ title }) => title)).toEqual(['Routes by latency', 'Routes by errors']);
    expect(tables[0]?.query).toMatch(
      /^SOURCE '.+' \| filter event = "http.request" \| stats .* by method, path/,
    );
  });

  test('has CloudFront’s metrics from us-east-1', () => {
    const edge = widgets(elsewhere.environment.operations).filter(({ properties }) =>
      JSON.stringify(properties).includes('AWS/CloudFront'),
    );
    expect(edge.length).toBeGreaterThan(0);
    for (const { properties } of edge) expect(properties.region).toBe('us-east-1');
  });
});

describe('logs', () => {
  test('give server errors by class, and lines without a class', () => {
    const filters = ofType(operations, 'AWS::Logs::MetricFilter').map(({ Properties }) => [
      Properties.MetricTransformations[0].MetricName,
      Properties.FilterPattern,
    ]);
    expect(filters).toEqual([
      ['Errors', '{ $.level = "error" }'],
      ['UnclassifiedErrors', '{ ($.level = "error") && ($.error.class NOT EXISTS) }'],
      ['PlainTextLines', '-level'],
      ['ErrorsByClass', '{ ($.level = "error") && ($.error.class = "*") }'],
    ]);
  });

  test('of every function, including CDK providers, are in protected groups', () => {
    for (const { stacks } of [here, elsewhere, development]) {
      for (const stack of stacks) {
        const groups = ofType(stack, 'AWS::Logs::LogGroup');
        for (const { Properties } of ofType(stack, 'AWS::Lambda::Function'))
          expect(Properties.LoggingConfig?.LogGroup).toBeDefined();
        for (const { Properties } of groups) expect(Properties.DataProtectionPolicy).toBeDefined();
      }
    }
  });

  test('have saved queries', () => {
    const queries = ofType(operations, 'AWS::Logs::QueryDefinition')
      .map(({ Properties }) => Properties.Name as string)
      .filter((name) => !/\/(edge|firewall): /.test(name));
    expect(queries).toEqual([
      'shop-production/routes by latency',
      'shop-production/routes by errors',
      'shop-production/errors by class and route',
      'shop-production/errors by class and release',
      'shop-production/one request (put its id in)',
      'shop-production/lines that are no JSON',
    ]);
  });

  test('of CloudFront have saved queries in us-east-1, for the existing groups', () => {
    for (const { environment, stacks } of [here, elsewhere]) {
      const groups = stacks
        .filter(({ region }) => region === 'us-east-1')
        .flatMap((stack) =>
          ofType(stack, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.LogGroupName),
        );
      const queries = ofType(
        environment.edgeOperations ?? environment.operations,
        'AWS::Logs::QueryDefinition',
      )
        .map(({ Properties }) => Properties)
        .filter(({ Name }) => /\/(edge|firewall): /.test(Name));
      expect(queries).toHaveLength(5);
      for (const { LogGroupNames } of queries) expect(groups).toContain(LogGroupNames[0]);
    }
  });
});

test('no canary runs if visits would keep an idle database awake', () => {
  expect(ofType(development.environment.operations, 'AWS::Synthetics::Canary')).toEqual([]);
  expect(ofType(operations, 'AWS::Synthetics::Canary')).toHaveLength(1);
});
