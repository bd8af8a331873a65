import { Template } from 'aws-cdk-lib/assertions';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { ServerLogMetrics } from '../../constructs/monitoring';
import { logPattern } from '../../lib/rehearsal/logs/log-pattern';
import { testStack } from '../support';
import { smallAccount } from './small-account';

const matches = (pattern: string, line: string) => logPattern(pattern)(line, () => JSON.parse(line));
const LINE = JSON.stringify({
  level: 'error',
  status: 500,
  error: { class: 'database' },
  user: null,
  ok: true,
});

describe('patterns of JSON', () => {
  test.each<[string, boolean]>([
    ['{ $.level = "error" }', true],
    ['{ $.level = "err*" }', true],
    ['{ $.level != "error" }', false],
    ['{ $.level = error && $.status >= 500 }', true],
    ['{ ($.level = "info") || ($.status = 500) }', true],
    ['{ ($.level = "error") && ($.error.class NOT EXISTS) }', false],
    ['{ $.error.class EXISTS }', true],
    ['{ $.error.code NOT EXISTS }', true],
    ['{ $.user IS NULL }', true],
    ['{ $.ok IS FALSE }', false],
    ['{ $.nothing != 1 }', false],
  ])('%s', (pattern, expected) => expect(matches(pattern, LINE)).toBe(expected));

  test('match no line of text', () => {
    expect(logPattern('{ $.level NOT EXISTS }')('plain', () => null)).toBe(false);
  });
});

describe('patterns of text', () => {
  test.each<[string, boolean]>([
    ['-level', false],
    ['level database', true],
    ['?warning ?error', true],
    ['"level\\":"', true],
    ['', true],
  ])('%s', (pattern, expected) => expect(matches(pattern.replaceAll('\\"', '"'), LINE)).toBe(expected));
});

test.each(['[ip, user, status = 5*]', '{ $.items[0] = 1 }', '{ $.a = %x% & $.b = 1 }'])(
  '%s is not supported',
  (pattern) => {
    expect(() => logPattern(pattern)).toThrow(pattern.slice(0, 3));
  },
);

describe('metrics of the log', () => {
  const stack = testStack();
  const logGroup = new LogGroup(stack, 'Log');
  new ServerLogMetrics(stack, 'Metrics', { name: 'shop', logGroup });
  new MetricFilter(stack, 'Sum', {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.event', '=', 'paid'),
    metricNamespace: 'shop/Business',
    metricName: 'Revenue',
    metricValue: '$.amount',
  });
  const template = Template.fromStack(stack);

  test('count and sum lines of their log group', () => {
    const { stage } = smallAccount(template);
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    for (const line of [
      LINE,
      '{"level":"error"}',
      'plain',
      '{"level":"info","event":"paid","amount":12.5}',
      '{"level":"info","event":"paid","amount":7}',
    ])
      stage.logs.open(group!, 'server').write(line);
    stage.logs.open('another group', 'server').write(LINE);
    const sum = (namespace: string, name: string, about = '') =>
      stage.metrics.get({ namespace, name, about }, 'Sum', 0, Number.POSITIVE_INFINITY);
    expect(sum('shop', 'Errors')).toBe(2);
    expect(sum('shop', 'UnclassifiedErrors')).toBe(1);
    expect(sum('shop', 'PlainTextLines')).toBe(1);
    expect(sum('shop', 'ErrorsByClass', 'database')).toBe(1);
    expect(sum('shop/Business', 'Revenue')).toBe(19.5);
  });

  test('are evaluated by the alarms on them', () => {
    const { account } = smallAccount(template);
    const [alarm] = account.alarms.metric.values();
    expect(alarm!.notRehearsed).toBeUndefined();
  });
});
