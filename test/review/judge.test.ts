import { describe, expect, test } from 'vitest';
import { changes } from '../../lib/review/compare';
import { judge } from '../../lib/review/judge';
import type { Plan, Resource } from '../../lib/review/plan';
import { RULES } from '../../lib/review/rules';

const plan = (resources: Readonly<Record<string, Resource>>, region = 'eu-west-1'): Plan => ({
  stacks: [
    {
      name: 'shop',
      region,
      template: { Resources: resources },
      constructPaths: { Table: 'shop/Orders/Table' },
    },
  ],
});
const table = (properties: Resource['Properties'], policy?: string): Plan =>
  plan({
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: properties,
      ...(policy && { UpdateReplacePolicy: policy }),
    },
  });
const role = (id: string, statements: readonly unknown[]): Plan =>
  plan({
    [id]: {
      Type: 'AWS::IAM::Role',
      Properties: { Path: '/shop/', Description: 'One of the shop', MaxSessionDuration: 3600 },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', Roles: [{ Ref: id }], PolicyDocument: { Statement: statements } },
    },
  });
const read = {
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
};

test('every rule describes its findings', () => {
  for (const { name, summary, severities } of RULES) {
    expect(name).toMatch(/^[a-z-]+$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(severities.length).toBeGreaterThan(0);
  }
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
});

describe('a change', () => {
  test('names the construct, and lists properties that replace it first', () => {
    const [change] = changes(
      table({ BillingMode: 'PAY_PER_REQUEST', TableName: 'a' }),
      table({ BillingMode: 'PROVISIONED', TableName: 'b' }),
    );
    expect(change).toMatchObject({
      kind: 'replaced',
      path: 'shop/Orders/Table',
      resourceType: 'AWS::DynamoDB::Table',
    });
    expect(change?.properties.map(({ path }) => path)).toEqual([
      'Properties.TableName',
      'Properties.BillingMode',
    ]);
  });

  test('identifies list items by their names', () => {
    const container = (Value: string) =>
      plan({
        Task: {
          Type: 'AWS::ECS::TaskDefinition',
          Properties: { ContainerDefinitions: [{ Name: 'server', Environment: [{ Name: 'LEVEL', Value }] }] },
        },
      });
    expect(changes(container('info'), container('debug'))[0]?.properties).toEqual([
      {
        path: 'Properties.ContainerDefinitions[server].Environment[LEVEL].Value',
        before: 'info',
        after: 'debug',
      },
    ]);
  });

  test('of an asset only says so', () => {
    const code = (hash: string) =>
      plan({
        F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: `${hash.repeat(64)}.zip` } } },
      });
    expect(changes(code('a'), code('b'))).toMatchObject([{ kind: 'changed', contentOnly: true }]);
  });

  test('of a resource that was renamed names the previous id', () => {
    const before = plan({ Old: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'Orders' } } });
    const after = plan({ New: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'Orders' } } });
    expect(changes(before, after)).toMatchObject([
      { kind: 'renamed', logicalId: 'New', former: { stack: 'shop', logicalId: 'Old' } },
    ]);
  });

  test('of resources that refer to a replaced one is shown as a consequence', () => {
    const queue = (name: string) =>
      plan({
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } },
        Policy: { Type: 'AWS::SQS::QueueInlinePolicy', Properties: { Queue: { Ref: 'Queue' } } },
      });
    expect(changes(queue('a'), queue('b')).map(({ logicalId, kind }) => [logicalId, kind])).toEqual([
      ['Queue', 'replaced'],
      ['Policy', 'replaced'],
    ]);
  });
});

describe('a judgement', () => {
  test('says what happens to a replaced resource', () => {
    const message = (policy?: string) =>
      judge(table({ TableName: 'a' }, policy), table({ TableName: 'b' }, policy)).findings.map(
        ({ what, why }) => `${what} ${why}`,
      )[0];
    expect(message('Retain')).toContain('The old one stays in the account, unused');
    expect(message()).toContain('CloudFormation deletes the old one, and you lose every item in it');
    expect(message()).toContain('TableName: a → b');
  });

  test('lists the most severe finding first', () => {
    const before = plan({ A: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } } });
    const after = plan({
      A: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
      B: { Type: 'AWS::RDS::DBInstance', Properties: { PubliclyAccessible: true } },
    });
    expect(judge(before, after)).toMatchObject({
      verdict: 'danger',
      findings: [{ severity: 'danger' }, { severity: 'caution' }],
    });
  });

  test('of a first deployment judges new resources', () => {
    expect(judge({ stacks: [] }, table({ TableName: 'a' }))).toMatchObject({
      verdict: 'clean',
      findings: [],
      changes: [{ kind: 'added' }],
    });
  });

  test('reports no new permissions for a renamed role', () => {
    const { findings } = judge(role('Reader', [read]), role('OrdersReader', [read]));
    expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['renamed note']);
  });

  test('reports changes that only apply under a condition of the template', () => {
    const choice = {
      'Fn::If': ['IsTest', { Effect: 'Allow', Action: '*', Resource: '*' }, { Ref: 'AWS::NoValue' }],
    };
    expect(judge(role('Reader', [read]), role('Reader', [read, choice]))).toMatchObject({
      verdict: 'danger',
      findings: [{ rule: 'iam-wildcards' }],
    });
  });

  test('does not report a permission that a wider one covers', () => {
    const wide = {
      ...read,
      Action: 'dynamodb:*',
      Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/*',
    };
    expect(judge(role('Reader', [wide]), role('Reader', [read]))).toMatchObject({
      verdict: 'clean',
      findings: [{ rule: 'iam-revoked', severity: 'note' }],
    });
  });

  test('does not print a secret of the template', () => {
    const variables = (Variables: object) =>
      plan({ F: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } } });
    const { findings } = judge(variables({}), variables({ API_TOKEN: 'hunter2' }));
    expect(findings).toMatchObject([{ rule: 'container', severity: 'danger' }]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test.each([
    ['a join of nothing', { 'Fn::Join': 'x' }],
    ['a selection of nothing', { 'Fn::Select': {} }],
    ['a map of nothing', { 'Fn::FindInMap': null }],
    ['nothing', null],
    ['a list in a list', [[null]]],
  ])('stands %s, even if CloudFormation would refuse the template', (_, odd) => {
    const strange = plan({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Statement: [odd] }, Path: odd },
      },
    });
    expect(() => judge(role('Role', [read]), strange)).not.toThrow();
    expect(() => judge(strange, role('Role', [read]))).not.toThrow();
  });
});
