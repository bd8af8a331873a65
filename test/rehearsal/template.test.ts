import { describe, expect, test } from 'vitest';
import { dependsOn, inOrder, type Published, Resolver } from '../../lib/rehearsal/cloudformation/template';
import type { Json, PlannedStack, Resource } from '../../lib/rehearsal/core/assembly';

const published: Published = {
  outputs: new Map([['shop-data', new Map([['Vpc', 'vpc-1']])]]),
  exports: new Map([['shop:Key', 'k']]),
};

function resolve(value: Json): Json {
  const template = {
    Resources: {},
    Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
  };
  const stack: PlannedStack = { name: 'shop-release', region: 'eu-west-1', template };
  const resolver = new Resolver(stack, published);
  resolver.attributes.set('Bucket', { Ref: 'files', Arn: 'arn:aws:s3:::files' });
  return resolver.resolve(value, 'Here');
}

describe('references in templates', () => {
  test.each<[Json, Json]>([
    [{ Ref: 'Bucket' }, 'files'],
    [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::files'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Bucket' }]] }, 'a/files'],
    [{ 'Fn::Sub': '${AWS::Region}:${Bucket.Arn}:${!kept}' }, 'eu-west-1:arn:aws:s3:::files:${!kept}'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b'] }] }, 'b'],
    [{ 'Fn::ImportValue': 'shop:Key' }, 'k'],
    [{ 'Fn::GetStackOutput': { StackName: 'shop-data', OutputName: 'Vpc' } }, 'vpc-1'],
    [{ 'Fn::If': ['Here', 'yes', 'no'] }, 'yes'],
    [{ a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ])('%j', (value, expected) => expect(resolve(value)).toEqual(expected));

  test('fails for an unknown export', () => {
    expect(() => resolve({ 'Fn::ImportValue': 'nobody' })).toThrow(
      "Here imports 'nobody', which no stack exports",
    );
  });
  test('fails for an unknown resource', () => {
    expect(() => resolve({ Ref: 'Nobody' })).toThrow('Here refers to Nobody');
  });
});

describe('the order of creation', () => {
  const resources: Record<string, Resource> = {
    Late: { Type: 'A', DependsOn: 'Middle' },
    Middle: { Type: 'A', Properties: { of: { 'Fn::Sub': 'x-${First}' } } },
    First: { Type: 'A' },
    Eager: { Type: 'B' },
  };
  test('follows references and DependsOn, and starts early where possible', () => {
    expect(inOrder(resources, ({ Type }) => Type === 'B')).toEqual(['Eager', 'First', 'Middle', 'Late']);
  });
  test('creates listeners before a distribution, whose origins take longer', () => {
    const site: Record<string, Resource> = {
      Site: { Type: 'AWS::CloudFront::Distribution' },
      Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', DependsOn: 'Balancer' },
      Later: { Type: 'AWS::ElasticLoadBalancingV2::Listener', DependsOn: 'Site' },
      Balancer: { Type: 'A' },
    };
    expect(inOrder(site, () => false)).toEqual(['Balancer', 'Listener', 'Site', 'Later']);
  });
  test('follows indirect references', () => {
    expect(dependsOn(resources, 'Late', 'First')).toBe(true);
    expect(dependsOn(resources, 'Late', 'Eager')).toBe(false);
  });
  test('fails for a cycle', () => {
    const circle = { A: { Type: 'A', DependsOn: 'B' }, B: { Type: 'A', DependsOn: 'A' } };
    expect(() => inOrder(circle, () => false)).toThrow('A, B have a circular dependency');
  });
});
