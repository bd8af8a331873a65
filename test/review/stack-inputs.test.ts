import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/review/judge';
import type { Plan, Template } from '../../lib/review/plan';

const plan = (template: Template): Plan => ({
  stacks: [{ name: 'shop', region: 'eu-west-1', template, constructPaths: {} }],
});

function told(before: Template, after: Template): string[] {
  const { findings } = judge(plan(before), plan(after));
  return findings.map(({ severity, rule, what }) => `${severity} ${rule}: ${what}`);
}

const protectedBy = (DeletionProtection: unknown): Template => ({
  Resources: { Database: { Type: 'AWS::RDS::DBInstance', Properties: { DeletionProtection } } },
});
const production = (value: string) => ({
  Parameters: { Stage: { Type: 'String', Default: value } },
  Conditions: { Production: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } },
});
const LOST = ['danger deletion-protection: DeletionProtection: true → false.'];

describe('a change outside the resources is judged at its uses:', () => {
  test('another default of a parameter', () => {
    const resources = protectedBy({ Ref: 'Protect' });
    const stack = (Default: string) => ({
      ...resources,
      Parameters: { Protect: { Type: 'String', Default } },
    });
    expect(told(stack('true'), stack('false'))).toEqual(LOST);
    expect(told(stack('false'), stack('true'))).toEqual([]);
  });

  test('within a string, too', () => {
    const stack = (Default: string): Template => ({
      Parameters: { Scheme: { Type: 'String', Default } },
      Resources: {
        Target: {
          Type: 'AWS::Events::ApiDestination',
          Properties: { InvocationEndpoint: { 'Fn::Sub': '${Scheme}://a.example' } },
        },
      },
    });
    expect(told(stack('https'), stack('http'))).toEqual([
      'danger encryption-in-transit: InvocationEndpoint: https://a.example → http://a.example.',
    ]);
  });

  test('another value of a mapping', () => {
    const stack = (protect: string): Template => ({
      ...protectedBy({ 'Fn::FindInMap': ['Stages', 'production', 'Protect'] }),
      Mappings: { Stages: { production: { Protect: protect } } },
    });
    expect(told(stack('true'), stack('false'))).toEqual(LOST);
  });

  test('another outcome of a condition, within a property', () => {
    const resources = protectedBy({ 'Fn::If': ['Production', 'true', 'false'] });
    expect(
      told({ ...resources, ...production('production') }, { ...resources, ...production('staging') }),
    ).toEqual(LOST);
  });

  test('a condition that becomes false removes its resource', () => {
    const Resources = { Orders: { Type: 'AWS::DynamoDB::Table', Condition: 'Production' } };
    const stacks = ['production', 'staging'].map((stage) => ({ Resources, ...production(stage) }));
    expect(told(stacks[0]!, stacks[1]!)).toEqual(['danger data-loss: CloudFormation deletes this table.']);
  });

  test.each([
    [{ 'Fn::Not': [{ Condition: 'Production' }] }, true],
    [{ 'Fn::And': [{ Condition: 'Production' }, { 'Fn::Equals': ['1', 1] }] }, false],
    [{ 'Fn::Or': [{ Condition: 'Production' }, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] }] }, undefined],
  ])('made of other conditions: %j', (condition, outcome) => {
    const stack = (stage: string): Template => {
      const { Parameters, Conditions } = production(stage);
      const all = { ...Conditions, Made: condition };
      return { ...protectedBy({ 'Fn::If': ['Made', 'true', 'false'] }), Parameters, Conditions: all };
    };
    const [holds, fails] = [stack('production'), stack('staging')];
    if (outcome === undefined) expect(told(holds, fails)).toEqual([]);
    else expect(told(outcome ? fails : holds, outcome ? holds : fails)).toEqual(LOST);
  });

  test('a condition on a resource that depends on a deployment value', () => {
    const stack = (region: string): Template => ({
      Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::StackName' }, region] } },
      Resources: { Orders: { Type: 'AWS::DynamoDB::Table', Condition: 'Here' } },
    });
    expect(told(stack('a'), stack('b')).join()).toContain('caution weakened: Condition');
  });
});

test('an export without an importing stack in the plan may have others', () => {
  const Resources = { Queue: { Type: 'AWS::SQS::Queue' } };
  const Outputs = { Queue: { Value: { Ref: 'Queue' }, Export: { Name: 'orders' } } };
  expect(told({ Resources, Outputs }, { Resources })).toEqual([
    'caution exports: The export orders is removed. No stack of the plan imports it.',
  ]);
});
