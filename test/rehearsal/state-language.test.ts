import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/rehearsal/core/assembly';
import {
  at,
  type Condition,
  filled,
  find,
  holds,
  placed,
} from '../../lib/rehearsal/stepfunctions/state-language';

const DATA: Json = { arn: 'd-1', polls: 2, found: [{ name: 'a' }], settled: false, none: null };

describe('paths', () => {
  test.each<[string, Json | undefined]>([
    ['$', DATA],
    ['$.found[0].name', 'a'],
    ["$['arn']", 'd-1'],
    ['$.found[1].name', undefined],
    ['$.none.name', undefined],
  ])('%s', (path, expected) => expect(find(path, DATA)).toEqual(expected));

  test('without a value fail the execution', () => {
    expect(() => at('$.nothing', DATA)).toThrow('there is no value at $.nothing');
  });
  test('of an unsupported kind are reported', () => {
    expect(() => find('$.found[*].name', DATA)).toThrow('the path $.found[*].name');
  });
});

test.each<[string | null | undefined, Json]>([
  ['$.a.b', { x: 1, a: { b: 'new' } }],
  ['$', 'new'],
  [undefined, 'new'],
  [null, { x: 1 }],
])('a result is stored at %s', (path, expected) => expect(placed(path, { x: 1 }, 'new')).toEqual(expected));

describe('parameters', () => {
  test.each<[Json, Json]>([
    [
      { 'name.$': '$.found[0].name', plain: '$.arn' },
      { name: 'a', plain: '$.arn' },
    ],
    [{ 'arns.$': 'States.Array($.arn)' }, { arns: ['d-1'] }],
    [{ 'polls.$': 'States.MathAdd($.polls, 1)' }, { polls: 3 }],
    [{ in: [{ 'x.$': "States.Array('a, b', true)" }] }, { in: [{ x: ['a, b', true] }] }],
  ])('%j', (template, expected) => expect(filled(template, DATA)).toEqual(expected));

  test.each(['States.UUID()', 'States.Array(States.UUID())', 'later'])('do not support %s', (expression) => {
    expect(() => filled({ 'x.$': expression }, DATA)).toThrow(`the expression ${expression}`);
  });
});

describe('choices', () => {
  test.each<[Condition, boolean]>([
    [{ Variable: '$.arn', StringEquals: 'd-1' }, true],
    [{ Variable: '$.polls', StringEquals: '2' }, false],
    [{ Variable: '$.polls', NumericGreaterThanEqualsPath: '$.polls' }, true],
    [{ Variable: '$.polls', NumericLessThan: 2 }, false],
    [{ Variable: '$.settled', BooleanEquals: true }, false],
    [{ Variable: '$.found[1]', IsPresent: false }, true],
    [{ Not: { Variable: '$.found[0]', IsPresent: true } }, false],
    [
      {
        Or: [
          { Variable: '$.polls', NumericEquals: 9 },
          {
            And: [
              { Variable: '$.arn', StringEquals: 'd-1' },
              { Variable: '$.settled', BooleanEquals: false },
            ],
          },
        ],
      },
      true,
    ],
  ])('%j', (condition, expected) => expect(holds(condition, DATA)).toBe(expected));

  test('do not support every comparison', () => {
    expect(() => holds({ Variable: '$.arn', StringMatches: 'd-*' }, DATA)).toThrow(
      'the comparison StringMatches',
    );
  });
});
