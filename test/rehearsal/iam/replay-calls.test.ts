import { describe, expect, test } from 'vitest';
import type { Assembly } from '../../../lib/rehearsal/core/assembly';
import type { Counted, JudgedCall, TraceFile } from '../../../lib/rehearsal/core/trace';
import { replay } from '../../../lib/rehearsal/replay';

const ROLE = 'arn:aws:iam::123456789012:role/steps-role';
const DEFINITION = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/migrations';

// biome-ignore lint/suspicious/noExplicitAny: a test changes whatever a template has.
type Resources = Record<string, { Type: string; Properties: any }>;

const statement = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const plan = (): Resources => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
    },
  },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Statement: [
          statement('ecs:RunTask', { Ref: 'Migrations' }),
          statement('logs:*', { 'Fn::GetAtt': ['Logs', 'Arn'] }),
        ],
      },
    },
  },
  Migrations: { Type: 'AWS::ECS::TaskDefinition', Properties: {} },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
  Steps: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      LoggingConfig: { LogGroup: { Ref: 'Logs' } },
    },
  },
});

/** A plan as the replay reads it. */
const assembly = (change: (all: Resources) => void = () => {}): Assembly => {
  const Resources = plan();
  change(Resources);
  return {
    stacks: [{ name: 'shop', region: 'eu-central-1', template: { Resources } }],
  } as unknown as Assembly;
};

const runTask: Counted<JudgedCall> = {
  caller: { stack: 'shop', logicalId: 'Role' },
  principal: ROLE,
  action: 'ecs:RunTask',
  resource: `${DEFINITION}:1`,
  context: {},
  verdict: 'allowed',
  times: 1,
};
const trace: TraceFile = {
  version: 1,
  plan: { digest: '' },
  resources: {
    'shop/Role': { Ref: 'steps-role', Arn: ROLE },
    'shop/Policy': { Ref: 'policy' },
    // The second release had another revision.
    'shop/Migrations': { Ref: `${DEFINITION}:2` },
    'shop/Logs': { Ref: 'steps', Arn: 'arn:aws:logs:eu-central-1:123456789012:log-group:steps:*' },
    'shop/Steps': { Ref: 'steps', Arn: 'arn:aws:lambda:eu-central-1:123456789012:function:steps' },
  },
  calls: [runTask],
  connections: [],
};

describe('a replay of calls', () => {
  test('passes with the plan that was rehearsed', () => {
    expect(replay(trace, assembly())).toEqual({ judged: { calls: 1, connections: 0 }, findings: [] });
  });

  test.each<[string, (all: Resources) => void, string, RegExp]>([
    [
      'a recorded call lacks its statement',
      ({ Policy }) => Policy!.Properties.PolicyDocument.Statement.shift(),
      `Role → ecs:RunTask on ${DEFINITION}:1`,
      /^\$\{Role\.Arn} needs \{"Effect":"Allow","Action":"ecs:RunTask"/,
    ],
    [
      'a resource lacks what it needs',
      ({ Policy }) => Policy!.Properties.PolicyDocument.Statement.pop(),
      'Steps → logs:PutLogEvents on arn:aws:logs:eu-central-1:123456789012:log-group:steps:log-stream:rehearsal',
      /^\$\{Role\.Arn} needs \{"Effect":"Allow","Action":"logs:PutLogEvents"/,
    ],
    [
      'a role is not trusted with its service',
      ({ Role }) => {
        Role!.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service = 'ecs.amazonaws.com';
      },
      `Steps → sts:AssumeRole on ${ROLE}`,
      /^the trust policy of \$\{Role\.Arn} needs/,
    ],
    [
      'nobody can judge a call any more',
      ({ Policy }) => {
        Policy!.Properties.PolicyDocument.Statement[0].Condition = { StringSounds: { a: 'b' } };
      },
      `Role → ecs:RunTask on ${DEFINITION}:1`,
      /^this call can no longer be judged: the operator StringSounds/,
    ],
  ])('reports that %s', (_, change, what, reason) => {
    const { findings } = replay(trace, assembly(change));
    expect(findings).toContainEqual({
      kind: 'call',
      what,
      reason: expect.stringMatching(reason),
      by: { stack: 'shop', logicalId: what.split(' ')[0] },
    });
  });

  test('ignores calls of a removed caller', () => {
    const { findings } = replay(
      trace,
      assembly((all) => {
        for (const id of ['Role', 'Policy', 'Steps']) delete all[id];
      }),
    );
    expect(findings).toEqual([]);
  });
});
