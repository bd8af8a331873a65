import { describe, expect, test } from 'vitest';
import {
  classesQuery,
  queryLink,
  risenClasses,
  usualClassesQuery,
} from '../../../constructs/verification/error-classes';

const classes = (counts: Record<string, number>) => new Map(Object.entries(counts));
const limits = { tolerated: 10, factor: 3 };
const risen = (now: Record<string, number>, before: Record<string, number> = {}) =>
  risenClasses(classes(now), classes(before), limits);

describe('an error class has', () => {
  test('risen if it is new and has more than a few events', () => {
    expect(risen({ payment: 11, database: 2 }, { database: 2 })).toEqual([
      { name: 'payment', count: 11, before: 0 },
    ]);
    expect(risen({ payment: 10 })).toEqual([]);
  });

  test('risen if it has several times as many events as ever before', () => {
    expect(risen({ database: 61 }, { database: 20 })).toHaveLength(1);
    expect(risen({ database: 60 }, { database: 20 })).toEqual([]);
  });

  test('not risen from three events to nine', () => {
    expect(risen({ database: 9 }, { database: 2 })).toEqual([]);
  });

  test('the worst class first in the list', () => {
    expect(risen({ one: 20, two: 90 }).map(({ name }) => name)).toEqual(['two', 'one']);
  });
});

describe('queries', () => {
  test("count a release's own lines, by its log streams", () => {
    expect(classesQuery('r1-01234567')).toMatch(
      /filter level = "error" and @logStream like "r1-01234567\/"\n\| stats count\(\*\) as errors by class/,
    );
  });

  test('find the maximum of each class in the lines of other releases', () => {
    expect(usualClassesQuery(10, 'r2')).toMatch(
      /@logStream not like "r2\/"\n\| stats count\(\*\) as counted by class, bin\(10m\)\n\| stats max\(counted\) as errors by class/,
    );
    expect(usualClassesQuery(10)).not.toContain('logStream');
  });
});

test('open in the console by a link with their times', () => {
  const link = queryLink({
    region: 'eu-west-1',
    logGroup: '/shop/server',
    query: 'fields a | filter b = "c"',
    from: Date.UTC(2026, 0, 2, 3, 4, 5),
    to: Date.UTC(2026, 0, 2, 3, 14, 5),
  });
  expect(link).toBe(
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights$3FqueryDetail$3D' +
      '$257E$2528end$257E$25272026-01-02T03*3a14*3a05.000Z$257Estart$257E$25272026-01-02T03*3a04*3a05.000Z' +
      '$257EtimeType$257E$2527ABSOLUTE$257Etz$257E$2527UTC$257EeditorString$257E$2527' +
      'fields*20a*20*7c*20filter*20b*20*3d*20*22c*22$257Esource$257E$2528$257E$2527*2fshop*2fserver$2529$2529',
  );
});
