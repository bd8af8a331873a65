import { beforeAll, describe, expect, test } from 'vitest';
import { harmlessFate } from '../../lib/review/harmless';
import { judge } from '../../lib/review/judge';
import type { Plan, Resource } from '../../lib/review/plan';
import { knownTypes, schemaOf } from '../../lib/review/resource-schemas';
import { RULES } from '../../lib/review/rules';
import { servingTypes } from '../../lib/review/serving-types';
import { holderOfType, holdingTypes } from '../../lib/review/stateful-types';
import { loadAwsServiceSpec } from '../support/service-spec';
import { productionPlan } from './corpus/production-plan';

let production: Plan;
let resources: readonly (readonly [stack: string, id: string, resource: Resource])[];
beforeAll(async () => {
  production = await productionPlan();
  const seen = new Set<string>();
  resources = production.stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources ?? {})
      .filter(([, { Type }]) => !seen.has(Type) && seen.add(Type))
      .map(([id, resource]) => [name, id, resource] as const),
  );
}, 240_000);

/** A stack of production, with one resource changed, or without it. */
function withResource(stack: string, id: string, resource: Resource | undefined): Plan {
  return {
    stacks: only(stack).stacks.map((one) => {
      const { [id]: _, ...rest } = one.template.Resources ?? {};
      return {
        ...one,
        template: { ...one.template, Resources: resource ? { ...rest, [id]: resource } : rest },
      };
    }),
  };
}

function only(stack: string): Plan {
  return { stacks: production.stacks.filter(({ name }) => name === stack) };
}

/** Types of which one may go, or be made anew, without a word. */
function silent(change: (stack: string, id: string, resource: Resource) => Plan | undefined): string[] {
  return resources.flatMap(([stack, id, resource]) => {
    const head = change(stack, id, resource);
    if (!head) return [];
    const { verdict, changes } = judge(only(stack), head);
    const own = changes.find((one) => one.stack === stack && one.logicalId === id);
    expect(own, id).toBeDefined();
    return verdict === 'clean' ? [`${own!.kind} ${resource.Type}`] : [];
  });
}

describe('the resource types of our production plan', () => {
  test('are never removed without a finding, except types with a stated reason', () => {
    expect(silent((stack, id) => withResource(stack, id, undefined)).sort()).toMatchInlineSnapshot(`
      [
        "removed AWS::CloudWatch::Dashboard",
        "removed AWS::ECS::TaskDefinition",
        "removed AWS::Logs::LogGroup",
        "removed AWS::Logs::QueryDefinition",
        "removed AWS::RDS::DBClusterParameterGroup",
        "removed AWS::RDS::DBSubnetGroup",
      ]
    `);
  }, 240_000);

  test('are never replaced without a finding, except types with a stated reason', () => {
    const found = silent((stack, id, resource) => {
      const property = schemaOf(resource.Type)?.replaces?.find((path) => !path.includes('.'));
      if (!property) return undefined;
      const Properties = { ...resource.Properties, [property]: 'another' };
      return withResource(stack, id, { ...resource, Properties });
    });
    expect(found.sort()).toMatchInlineSnapshot(`
      [
        "replaced AWS::ApplicationAutoScaling::ScalingPolicy",
        "replaced AWS::CloudWatch::Dashboard",
        "replaced AWS::EC2::SecurityGroupEgress",
        "replaced AWS::EC2::SecurityGroupIngress",
        "replaced AWS::Lambda::LayerVersion",
      ]
    `);
  }, 240_000);
});

describe('the tables', () => {
  test('name existing types', () => {
    const known = new Set(knownTypes());
    expect([...holdingTypes(), ...servingTypes()].filter((type) => !known.has(type))).toEqual([]);
  });

  test('name every type that the CDK calls stateful', () => {
    const stateful = [...loadAwsServiceSpec().all('resource')].filter(({ isStateful }) => isStateful);
    const missing = stateful
      .map(({ cloudFormationType }) => cloudFormationType)
      .filter((type) => !holderOfType(type));
    // A nested stack is judged by its resources; these instances of a cluster hold nothing that the cluster does not.
    expect(missing.sort()).toEqual([
      'AWS::CloudFormation::Stack',
      'AWS::DocDB::DBInstance',
      'AWS::Neptune::DBInstance',
    ]);
  });

  test('state why a harmless type is harmless', () => {
    const types = ['AWS::Lambda::Version', 'AWS::ApiGateway::Deployment', 'AWS::CDK::Metadata'];
    for (const resourceType of types)
      expect(harmlessFate({ resourceType, kind: 'replaced' } as never)).toMatch(/^[A-Z].*\.$/);
    expect(harmlessFate({ resourceType: 'AWS::EKS::Cluster', kind: 'removed' } as never)).toBeUndefined();
  });
});

test('follow the CloudFormation schema for replacements, including nested properties', () => {
  const kind = (type: string, before: object, after: object) =>
    judge(plan(type, before), plan(type, after)).changes[0]?.kind;
  const plan = (Type: string, Properties: object): Plan => ({
    stacks: [
      { name: 'a', template: { Resources: { A: { Type, Properties } } }, constructPaths: {} },
    ] as never,
  });
  const nodes = (ClientSubnets: string[]) => ({ BrokerNodeGroupInfo: { ClientSubnets, InstanceType: 'm' } });
  expect(kind('AWS::MSK::Cluster', nodes(['a']), nodes(['b']))).toBe('replaced');
  expect(kind('AWS::MSK::Cluster', { ...nodes(['a']) }, { ...nodes(['a']), NumberOfBrokerNodes: 6 })).toBe(
    'changed',
  );
  expect(kind('AWS::MSK::Cluster', {}, { EncryptionInfo: { EncryptionAtRest: {} } })).toBe('replaced');
  expect(kind('AWS::MSK::Cluster', {}, { EncryptionInfo: {} })).toBe('changed');
  expect(kind('AWS::RDS::DBCluster', { Engine: 'a' }, { Engine: 'b' })).toBe('may-replace');
  expect(kind('Custom::Thing', { Name: 'a' }, { Name: 'b' })).toBe('changed');
});

test('each rule names its source page', () => {
  for (const { name, link, settings = [], general = [] } of RULES)
    for (const page of [link, ...[...settings, ...general].flatMap((setting) => setting.link ?? [])])
      expect(page, name).toMatch(
        /^https:\/\/(docs\.aws\.amazon\.com\/|www\.postgresql\.org\/docs\/|developer\.mozilla\.org\/)/,
      );
});
