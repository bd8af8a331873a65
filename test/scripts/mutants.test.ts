import { describe, expect, test } from 'vitest';
import type { Value } from '../../scripts/mutants/mutant';
import { mutantsOf, mutated } from '../../scripts/mutants/operators';
import { report, sample } from '../../scripts/mutants/report';

const stacks = (Resources: Record<string, Value>, Outputs?: Value) => [
  { name: 'shop-release', template: { Resources, Outputs } },
];
const words = (Resources: Record<string, Value>, Outputs?: Value) =>
  mutantsOf(stacks(Resources, Outputs)).map(({ kind, logicalId, what }) => `${kind}: ${logicalId}: ${what}`);

const policy = (Statement: Value) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement }, Roles: [] },
});

describe('mutants', () => {
  test('remove one part of a statement, or the statement with its last part', () => {
    const Policy = policy([
      {
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: 'a',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
    ]);
    expect(words({ Policy })).toEqual([
      'action: Policy: s3:GetObject',
      'action: Policy: s3:ListBucket',
      'resource of a statement: Policy: a',
      'condition: Policy: Bool aws:SecureTransport',
      'resource: Policy: AWS::IAM::Policy',
    ]);
    const statements = mutantsOf(stacks({ Policy })).map(
      (mutant) =>
        mutated(stacks({ Policy }), mutant)[0]!.template.Resources['Policy']?.Properties.PolicyDocument
          .Statement,
    );
    expect(statements.map((one) => JSON.stringify(one?.[0]?.Action ?? null))).toEqual([
      '["s3:ListBucket"]',
      '["s3:GetObject"]',
      'null',
      '["s3:GetObject","s3:ListBucket"]',
      'null',
    ]);
  });

  test('do not remove resources that other resources or outputs need', () => {
    const Group = { Type: 'AWS::EC2::SecurityGroup', Properties: {} };
    const Route = { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Group' } } };
    expect(words({ Group, Route })).toEqual(['route: Route: AWS::EC2::Route']);
    expect(words({ Route }, { Out: { Value: { Ref: 'Route' } } })).toEqual([]);
  });

  test('remove only dependencies that no reference implies', () => {
    const resources = {
      A: { Type: 'AWS::SNS::Topic' },
      B: { Type: 'AWS::SNS::Topic', DependsOn: 'A' },
      C: { Type: 'AWS::SNS::Topic', DependsOn: ['A', 'B'] },
    };
    const dependencies = words(resources).filter((one) => one.startsWith('dependency'));
    expect(dependencies).toEqual(['dependency: B: A', 'dependency: C: B']);
  });

  test('of a resource also remove resources that depend on it', () => {
    const resources = { A: { Type: 'AWS::SNS::Topic' }, B: { Type: 'AWS::SNS::Topic', DependsOn: ['A'] } };
    const whole = mutantsOf(stacks(resources)).find(
      ({ logicalId, kind }) => kind === 'resource' && logicalId === 'A',
    )!;
    expect(mutated(stacks(resources), whole)[0]!.template.Resources).toEqual({
      B: { Type: 'AWS::SNS::Topic', DependsOn: [] },
    });
  });

  test('cover rules, ports, variables, secrets and timeouts', () => {
    const Task = {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          {
            Environment: [{ Name: 'PORT', Value: '8080' }],
            Secrets: [{ Name: 'KEY', ValueFrom: 'arn' }],
            StopTimeout: 30,
            PortMappings: [{ ContainerPort: 8080 }],
          },
        ],
      },
    };
    const Group = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }] },
    };
    expect(words({ Task, Group }).map((one) => one.replace(/: .*/, ''))).toEqual([
      'environment variable',
      'secret',
      'port',
      'timeout',
      'port',
      'resource',
      'egress rule',
      'resource',
    ]);
  });

  test('with the same effect on AWS are listed separately', () => {
    const wide = { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: 'root' } };
    const narrow = { ...wide, Action: ['kms:Decrypt', 'kms:Encrypt'], Condition: { Bool: { a: 'true' } } };
    const egress = { CidrIp: '0.0.0.0/0', IpProtocol: '-1' };
    const group = (...rules: Value[]) => ({
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupEgress: rules },
    });
    const equivalent = mutantsOf(
      stacks({
        Key: policy([wide, narrow]),
        Bound: policy([{ ...wide, Condition: { Bool: { b: 'true' } } }, narrow]),
        Other: policy([{ ...wide, Principal: { AWS: 'other' } }, narrow]),
        Open: group(egress),
        Narrow: group({ ...egress, CidrIp: '10.0.0.0/8' }),
      }),
    ).filter(({ isEquivalent }) => isEquivalent);
    expect(equivalent.map(({ logicalId, kind, what }) => `${logicalId}: ${kind}: ${what}`)).toEqual([
      'Key: action: kms:Decrypt',
      'Key: action: kms:Encrypt',
      'Key: resource of a statement: *',
      'Key: condition: Bool a',
      'Open: egress rule: {"CidrIp":"0.0.0.0/0","IpProtocol":"-1"}',
    ]);
  });

  test('that a replay misses are rehearsed, and undetected ones are reported', () => {
    const all = mutantsOf(stacks({ Policy: policy([{ Action: ['a:A', 'a:B'], Resource: '*' }]) })).map(
      (mutant, index) => ({ ...mutant, replay: index === 0, review: false, note: false }),
    );
    expect(sample(all, 1)).toEqual([all[1]]);
    expect(sample(all, 99)).toEqual(all.slice(1));
    const { section, score } = report(all, []);
    expect(score).toContain(`1 of ${all.length} mutants detected`);
    expect(section).toContain('action: release/Policy: a:B');
  });
});
