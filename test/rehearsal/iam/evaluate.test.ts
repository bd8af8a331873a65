import { describe, expect, test } from 'vitest';
import { type Decision, evaluate, type Policies } from '../../../lib/rehearsal/iam/evaluate';
import { readPolicy } from '../../../lib/rehearsal/iam/policy';
import type { Principal } from '../../../lib/rehearsal/iam/principal';
import { type ContextValues, RequestContext } from '../../../lib/rehearsal/iam/request-context';

// The expected outcomes are those of AWS's documentation: the evaluation logic, the elements of a policy, and the
// operators of conditions, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/reader`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/rehearsal`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const reader: Principal = { role: ROLE, account: ACCOUNT, session: 'rehearsal' };
const events: Principal = { service: 'events.amazonaws.com' };
const OBJECT = 'arn:aws:s3:::photos/2026/a.jpg';

type Outcome = Decision['verdict'];
type Fields = Record<string, unknown>;

const allow = (more: Fields = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const deny = (more: Fields = {}) => ({ ...allow(more), Effect: 'Deny' });
const policy = (...statements: object[]) => [
  readPolicy('test', { Version: '2012-10-17', Statement: statements }),
];
/** A statement of a bucket's policy. */
const opens = (Principal: unknown, more: Fields = {}) => allow({ Principal, ...more });

interface Asking {
  readonly as?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: ContextValues;
}

function outcome(policies: Partial<Policies>, asking: Asking = {}): Decision {
  const { as = reader, action = 's3:GetObject', resource = OBJECT, context = {} } = asking;
  const request = { principal: as, action, resource, context: new RequestContext(context) };
  return evaluate(request, { identity: [], resource: [], ...policies });
}

describe('an identity-based policy', () => {
  test.each<[string, object[], Asking, Outcome]>([
    ['without a statement denies', [], {}, 'denied'],
    ['allows by action and resource', [allow({ Resource: OBJECT })], {}, 'allowed'],
    ['allows one of several actions', [allow({ Action: ['s3:PutObject', 's3:GetObject'] })], {}, 'allowed'],
    ['takes another action for another', [allow({ Action: 's3:PutObject' })], {}, 'denied'],
    ['takes actions in any case', [allow({ Action: 'S3:getobject' })], {}, 'allowed'],
    ['takes resources in their case', [allow({ Resource: 'arn:aws:s3:::Photos/*' })], {}, 'denied'],
    ['takes * for any characters of an action', [allow({ Action: 's3:Get*' })], {}, 'allowed'],
    ['takes ? for one character of an action', [allow({ Action: 's3:?etObject' })], {}, 'allowed'],
    ['does not take ? for none', [allow({ Action: 's3:GetObject?' })], {}, 'denied'],
    ['takes * for all actions', [allow({ Action: '*' })], {}, 'allowed'],
    ['knows services by their prefix', [allow({ Action: 's3express:*' })], {}, 'denied'],
    ['takes * across slashes', [allow({ Resource: 'arn:aws:s3:::photos/*' })], {}, 'allowed'],
    ['takes ? in a resource', [allow({ Resource: 'arn:aws:s3:::photos/2026/?.jpg' })], {}, 'allowed'],
    ['takes a resource as a whole', [allow({ Resource: 'arn:aws:s3:::photos' })], {}, 'denied'],
    ['completes a short ARN', [allow({ Resource: 'arn:aws:s3' })], {}, 'allowed'],
    ['ends a wildcard at a colon', [allow({ Resource: 'arn:aws:*:photos/2026/a.jpg' })], {}, 'denied'],
    ['allows by NotAction', [allow({ Action: undefined, NotAction: 's3:PutObject' })], {}, 'allowed'],
    ['excludes by NotAction', [allow({ Action: undefined, NotAction: 's3:Get*' })], {}, 'denied'],
    [
      'allows by NotResource',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::x/*' })],
      {},
      'allowed',
    ],
    [
      'excludes by NotResource',
      [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::photos/*' })],
      {},
      'denied',
    ],
    ['denies before it allows', [allow(), deny()], {}, 'denied'],
    ['denies only what it names', [allow(), deny({ Action: 's3:PutObject' })], {}, 'allowed'],
    [
      'denies all but what it names',
      [allow(), deny({ Action: undefined, NotAction: 's3:*' })],
      {},
      'allowed',
    ],
    [
      'needs * for an action without resources',
      [allow({ Resource: 'arn:aws:s3:::*' })],
      { resource: '*' },
      'denied',
    ],
    ['allows an action without resources by *', [allow()], { resource: '*' }, 'allowed'],
    ['that has an unknown element is not judged', [allow({ Wenn: 1 })], {}, 'not judged'],
    ['decides beside an unknown one', [allow({ Wenn: 1 }), allow()], {}, 'allowed'],
    ['is not judged beside an unknown denial', [allow(), deny({ Wenn: 1 })], {}, 'not judged'],
    [
      'without a matching action needs no unknown element',
      [allow({ Action: 's3:Put*', Wenn: 1 })],
      {},
      'denied',
    ],
  ])('%s', (_, statements, asking, expected) => {
    expect(outcome({ identity: policy(...statements) }, asking).verdict).toBe(expected);
  });

  test('can be a single statement, and JSON text', () => {
    const identity = [readPolicy('test', JSON.stringify({ Statement: allow() }))];
    expect(outcome({ identity }).verdict).toBe('allowed');
    expect(outcome({ identity: [readPolicy('test', '{')] }).verdict).toBe('not judged');
  });

  test('supports variables only in version 2012-10-17', () => {
    const statement = allow({ Resource: 'arn:aws:s3:::photos/${aws:PrincipalAccount}/*' });
    const identity = (Version: string) => [readPolicy('test', { Version, Statement: [statement] })];
    const asking = {
      resource: `arn:aws:s3:::photos/${ACCOUNT}/a`,
      context: { 'aws:PrincipalAccount': ACCOUNT },
    };
    expect(outcome({ identity: identity('2012-10-17') }, asking).verdict).toBe('allowed');
    expect(outcome({ identity: identity('2008-10-17') }, asking).verdict).toBe('denied');
  });
});

test.each<[string, string, ContextValues, Outcome]>([
  ['a value', '${aws:PrincipalAccount}', { 'aws:PrincipalAccount': '2026' }, 'allowed'],
  ['another value', '${aws:PrincipalAccount}', { 'aws:PrincipalAccount': '2025' }, 'denied'],
  ['a key in another case', '${AWS:principalaccount}', { 'aws:PrincipalAccount': '2026' }, 'allowed'],
  ['no value', '${aws:username}', { 'aws:username': [] }, 'denied'],
  ['a default', "${aws:username, '2026'}", { 'aws:username': [] }, 'allowed'],
  ['a default that is not needed', "${aws:username, '2026'}", { 'aws:username': '2025' }, 'denied'],
  ['an unknown value', '${aws:username}', {}, 'not judged'],
  ['an asterisk', '${*}', {}, 'denied'],
])('a variable with %s', (_, variable, context, expected) => {
  const identity = policy(allow({ Resource: `arn:aws:s3:::photos/${variable}/a.jpg` }));
  expect(outcome({ identity }, { context }).verdict).toBe(expected);
});

test('a variable that contains an asterisk matches only an asterisk', () => {
  const identity = policy(allow({ Resource: 'arn:aws:s3:::photos/${*}' }));
  expect(outcome({ identity }, { resource: 'arn:aws:s3:::photos/*' }).verdict).toBe('allowed');
});

describe('a condition', () => {
  const KEY = 'test:Key';
  test.each<[string, string | readonly string[], string | readonly string[] | undefined, Outcome]>([
    ['StringEquals', 'a', 'a', 'allowed'],
    ['StringEquals', 'a', 'A', 'denied'],
    ['StringEquals', ['a', 'b'], 'b', 'allowed'],
    ['StringEquals', 'a*', 'ab', 'denied'],
    ['StringEquals', 'a', [], 'denied'],
    ['StringEquals', 'a', undefined, 'not judged'],
    ['StringEquals', 'a', ['a', 'b'], 'not judged'],
    ['StringEqualsIfExists', 'a', [], 'allowed'],
    ['StringEqualsIfExists', 'a', 'b', 'denied'],
    ['StringNotEquals', 'a', 'b', 'allowed'],
    ['StringNotEquals', ['a', 'b'], 'b', 'denied'],
    ['StringNotEquals', 'a', [], 'allowed'],
    ['StringEqualsIgnoreCase', 'a', 'A', 'allowed'],
    ['StringNotEqualsIgnoreCase', 'a', 'A', 'denied'],
    ['StringLike', 'a*c', 'abc', 'allowed'],
    ['StringLike', 'a?c', 'ac', 'denied'],
    ['StringNotLike', 'a*', 'abc', 'denied'],
    ['NumericEquals', '10', '10.0', 'allowed'],
    ['NumericNotEquals', '10', '11', 'allowed'],
    ['NumericLessThan', '1.2', '1.1', 'allowed'],
    ['NumericLessThan', '1.2', '1.2', 'denied'],
    ['NumericLessThan', '1.2', 'x', 'denied'],
    ['NumericLessThanEquals', '1.2', '1.2', 'allowed'],
    ['NumericGreaterThan', '2', '10', 'allowed'],
    ['NumericGreaterThanEquals', '10', '9', 'denied'],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T00:00:00Z', 'allowed'],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '1767225601', 'allowed'],
    ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', 'allowed'],
    ['Bool', 'true', 'TRUE', 'allowed'],
    ['Bool', 'false', 'true', 'denied'],
    ['Bool', 'false', [], 'denied'],
    ['BoolIfExists', 'false', [], 'allowed'],
    ['BinaryEquals', 'QQ==', 'QQ==', 'allowed'],
    ['IpAddress', '203.0.113.0/24', '203.0.113.9', 'allowed'],
    ['IpAddress', '203.0.113.0/24', '203.0.114.9', 'denied'],
    ['IpAddress', '203.0.113.9', '203.0.113.9', 'allowed'],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::1', 'allowed'],
    ['IpAddress', '2001:db8::/32', '203.0.113.9', 'denied'],
    ['NotIpAddress', '203.0.113.0/24', '203.0.114.9', 'allowed'],
    ['ArnEquals', 'arn:aws:sns:*:1:t', 'arn:aws:sns:eu-west-1:1:t', 'allowed'],
    ['ArnLike', 'arn:aws:sns:*:t', 'arn:aws:sns:eu-west-1:1:t', 'denied'],
    ['ArnLike', 'arn:aws:ecs:*:*:service/a/*', 'arn:aws:ecs:eu-west-1:1:service/a/b', 'allowed'],
    ['ArnNotLike', 'arn:aws:sns:*:*:t', 'arn:aws:sns:eu-west-1:1:t', 'denied'],
    ['Null', 'true', [], 'allowed'],
    ['Null', 'true', 'a', 'denied'],
    ['Null', 'false', 'a', 'allowed'],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], 'allowed'],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], 'denied'],
    ['ForAllValues:StringEquals', 'a', [], 'allowed'],
    ['ForAllValues:StringNotEquals', 'a', ['b', 'a'], 'denied'],
    ['ForAnyValue:StringEquals', 'a', ['a', 'c'], 'allowed'],
    ['ForAnyValue:StringEquals', 'a', ['b', 'c'], 'denied'],
    ['ForAnyValue:StringEquals', 'a', [], 'denied'],
    ['ForAnyValue:StringLike', 'a*', ['b', 'ab'], 'allowed'],
    ['StringSounds', 'a', 'a', 'not judged'],
  ])('%s %j with %j is %s', (operator, wanted, actual, expected) => {
    const identity = policy(allow({ Condition: { [operator]: { [KEY]: wanted } } }));
    const context: ContextValues = actual === undefined ? {} : { 'TEST:key': actual };
    expect(outcome({ identity }, { context }).verdict).toBe(expected);
  });

  test.each<[string, Fields, ContextValues, Outcome]>([
    ['all operators', { StringEquals: { a: '1' }, Bool: { b: 'true' } }, { a: '1', b: 'false' }, 'denied'],
    ['all keys', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '2' }, 'allowed'],
    ['false before unknown', { StringEquals: { a: '1', b: '2' } }, { a: '0' }, 'denied'],
    ['numbers of JSON', { NumericLessThan: { a: 1.2 } }, { a: '1.1' }, 'allowed'],
    ['variables', { StringEquals: { a: '${b}' } }, { a: '1', b: '1' }, 'allowed'],
  ])('needs %s', (_, Condition, context, expected) => {
    expect(outcome({ identity: policy(allow({ Condition })) }, { context }).verdict).toBe(expected);
  });

  test('of a Deny with an unknown key leaves the call undecided', () => {
    const identity = policy(allow(), deny({ Condition: { StringEquals: { [KEY]: 'a' } } }));
    expect(outcome({ identity })).toEqual({ verdict: 'not judged', reason: `the value of ${KEY}` });
    expect(outcome({ identity }, { context: { [KEY]: 'b' } }).verdict).toBe('allowed');
  });
});

describe('policies of several kinds', () => {
  const given = policy(allow());
  const others = policy(allow({ Action: 's3:PutObject' }));
  test.each<[string, Partial<Policies>, Asking, Outcome, string?]>([
    ['a resource opens itself to a role', { resource: policy(opens({ AWS: ROLE })) }, {}, 'allowed'],
    ['a resource opens itself to a session', { resource: policy(opens({ AWS: SESSION })) }, {}, 'allowed'],
    ['a resource opens itself to anybody', { resource: policy(opens('*')) }, {}, 'allowed'],
    ['a resource leaves it to the account', { resource: policy(opens({ AWS: ROOT })) }, {}, 'denied'],
    [
      'the account leaves it to a role',
      { identity: given, resource: policy(opens({ AWS: ROOT })) },
      {},
      'allowed',
    ],
    ['another role', { resource: policy(opens({ AWS: `${ROLE}2` })) }, {}, 'denied'],
    [
      'a wildcard names no role',
      { resource: policy(opens({ AWS: `arn:aws:iam::${ACCOUNT}:role/*` })) },
      {},
      'denied',
    ],
    [
      'a service',
      { resource: policy(opens({ Service: 'events.amazonaws.com' })) },
      { as: events },
      'allowed',
    ],
    [
      'another service',
      { resource: policy(opens({ Service: 'sns.amazonaws.com' })) },
      { as: events },
      'denied',
    ],
    [
      'a service has no identity-based policy',
      { identity: given },
      { as: events },
      'denied',
      'resource-based policy',
    ],
    ['a service is anybody', { resource: policy(opens({ AWS: '*' })) }, { as: events }, 'allowed'],
    [
      'an account id',
      { identity: given, mustBeOpened: true, resource: policy(opens({ AWS: ACCOUNT })) },
      {},
      'allowed',
    ],
    [
      'a denial of the resource',
      { identity: given, resource: policy({ ...deny(), Principal: '*' }) },
      {},
      'denied',
      'resource-based policy',
    ],
    [
      'a denial of the account',
      { identity: given, resource: policy({ ...deny(), Principal: { AWS: ROOT } }) },
      {},
      'denied',
    ],
    [
      'a denial of others',
      { identity: given, resource: policy({ ...deny(), Principal: { AWS: `${ROLE}2` } }) },
      {},
      'allowed',
    ],
    [
      'a denial of all but services',
      {
        resource: policy(opens({ Service: 'events.amazonaws.com' }), {
          ...deny(),
          NotPrincipal: { Service: 'events.amazonaws.com' },
        }),
      },
      { as: events },
      'allowed',
    ],
    [
      'a denial of all but others',
      { identity: given, resource: policy({ ...deny(), NotPrincipal: { AWS: `${ROLE}2` } }) },
      {},
      'denied',
    ],
    [
      'a denial of all but this session, role and account',
      { identity: given, resource: policy({ ...deny(), NotPrincipal: { AWS: [SESSION, ROLE, ROOT] } }) },
      {},
      'allowed',
    ],
    [
      'a denial of all but this role',
      { identity: given, resource: policy({ ...deny(), NotPrincipal: { AWS: ROLE } }) },
      {},
      'not judged',
    ],
    ['a boundary that allows', { identity: given, boundary: given }, {}, 'allowed'],
    [
      'a boundary that does not allow',
      { identity: given, boundary: others },
      {},
      'denied',
      'permissions boundary',
    ],
    ['a boundary gives nothing', { boundary: given }, {}, 'denied', 'identity-based policy'],
    [
      'a boundary that denies',
      { identity: given, boundary: policy(allow(), deny()) },
      {},
      'denied',
      'permissions boundary',
    ],
    [
      'a boundary limits what a resource gives a role',
      { boundary: others, resource: policy(opens({ AWS: ROLE })) },
      {},
      'denied',
    ],
    [
      'a boundary does not limit what a resource gives a session',
      { boundary: others, resource: policy(opens({ AWS: SESSION })) },
      {},
      'allowed',
    ],
    [
      'a session policy that does not allow',
      { identity: given, session: others },
      {},
      'denied',
      'session policy',
    ],
    ['a session policy that allows', { identity: given, session: given }, {}, 'allowed'],
    ['a session policy gives nothing', { session: given }, {}, 'denied'],
    [
      'a key that is open to the account',
      { identity: given, mustBeOpened: true, resource: policy(opens({ AWS: ROOT })) },
      {},
      'allowed',
    ],
    [
      'a key that is not open to the account',
      { identity: given, mustBeOpened: true },
      {},
      'denied',
      'resource-based policy',
    ],
    [
      'a key that is open to the account, without a permission',
      { mustBeOpened: true, resource: policy(opens({ AWS: ROOT })) },
      {},
      'denied',
      'identity-based policy',
    ],
    [
      'a key that is open to the role',
      { mustBeOpened: true, resource: policy(opens({ AWS: ROLE })) },
      {},
      'allowed',
    ],
    [
      'a policy that nobody knows',
      { identity: [{ source: 'x', statements: [], unknown: 'x' }] },
      {},
      'not judged',
    ],
  ])('%s', (_, policies, asking, expected, kind?: string) => {
    const decision = outcome(policies, asking);
    expect(decision.verdict).toBe(expected);
    if (kind) expect(decision).toMatchObject({ kind });
  });

  test('the trust policy of a role, with its conditions', () => {
    const trust = policy({
      Effect: 'Allow',
      Principal: { Service: 'states.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnLike: { 'aws:SourceArn': `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:*` },
      },
    });
    const by = (service: string, machine: string) =>
      outcome(
        { resource: trust, mustBeOpened: true },
        {
          as: { service },
          action: 'sts:AssumeRole',
          resource: ROLE,
          context: {
            'aws:SourceAccount': ACCOUNT,
            'aws:SourceArn': `arn:aws:states:${machine}:${ACCOUNT}:stateMachine:a`,
          },
        },
      ).verdict;
    expect(by('states.amazonaws.com', 'eu-west-1')).toBe('allowed');
    expect(by('states.amazonaws.com', 'us-east-1')).toBe('denied');
    expect(by('lambda.amazonaws.com', 'eu-west-1')).toBe('denied');
  });
});
