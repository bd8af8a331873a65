import { Aspects, CfnResource, type IAspect, type Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { expect, test } from 'vitest';
import { resources, testEnvironment } from '../support/environment';

/** The permissions boundary that a platform team applies to every app of its organisation. */
const BOUNDARY = 'organisation-boundary';
const QUALIFIER = 'platform1';

class Seen implements IAspect {
  readonly roles: string[] = [];
  visit(node: IConstruct): void {
    if (node instanceof CfnRole) this.roles.push(node.node.path);
  }
}

const { app, environment, stacks } = testEnvironment('production', {
  region: 'eu-west-1',
  app: {
    context: {
      '@aws-cdk/core:bootstrapQualifier': QUALIFIER,
      '@aws-cdk/core:permissionsBoundary': { name: BOUNDARY },
    },
  },
});
Tags.of(app).add('cost-centre', '4711');
const seen = new Seen();
Aspects.of(app).add(seen);

const each = stacks.map((stack) => [stack.stackName, stack] as const);
const ofType = (stack: Stack, type: string) =>
  Object.entries(resources(stack)).filter(([, { Type }]) => Type === type);

test.each(each)(
  "every role of %s has the app's permissions boundary, including roles of CDK providers",
  (_, stack) => {
    for (const [id, { Properties }] of ofType(stack, 'AWS::IAM::Role'))
      expect([id, JSON.stringify(Properties.PermissionsBoundary)]).toEqual([
        id,
        expect.stringContaining(BOUNDARY),
      ]);
  },
);

test('an aspect visits every role of the template', () => {
  Template.fromStack(stacks[0]!);
  const roles = stacks.reduce((sum, stack) => sum + ofType(stack, 'AWS::IAM::Role').length, 0);
  expect(roles).toBeGreaterThan(20);
  const provided = stacks
    .flatMap((stack) => stack.node.findAll())
    .filter((node) => isProviderRole(node)).length;
  expect(new Set(seen.roles).size).toBe(roles - provided);
});

/** Roles of the CDK's own providers are not `CfnRole`s, but resources by name. */
function isProviderRole(node: IConstruct): boolean {
  return (
    node instanceof CfnResource && !(node instanceof CfnRole) && node.cfnResourceType === 'AWS::IAM::Role'
  );
}

test.each(each)("taggable resources in %s have the app's tags in addition to their own", (_, stack) => {
  const tagged = Object.entries(resources(stack)).filter(([, { Properties }]) =>
    Array.isArray(Properties?.Tags),
  );
  expect(tagged.length).toBeGreaterThan(0);
  for (const [id, { Properties }] of tagged) {
    if (!Properties.Tags.some(({ Key }: { Key: string }) => Key === 'environment')) continue;
    expect([id, Properties.Tags]).toEqual([
      id,
      expect.arrayContaining([{ Key: 'cost-centre', Value: '4711' }]),
    ]);
  }
});

test.each(each)('%s uses the roles and the bucket of a custom bootstrap', (_, stack) => {
  const { artifacts } = app.synth().manifest;
  const text = JSON.stringify([artifacts![stack.artifactId], Template.fromStack(stack).toJSON()]);
  expect(text).toContain(`cdk-${QUALIFIER}-`);
  expect(text).toContain(`/cdk-bootstrap/${QUALIFIER}/version`);
  expect(text).not.toContain('hnb659fds');
});

test('the inner L2 constructs can be modified', () => {
  const { data, release } = environment;
  expect(data.network.vpc.publicSubnets).toHaveLength(2);
  expect(data.database.cluster.connections.securityGroups).not.toHaveLength(0);
  expect(release.server.service.taskDefinition).toBe(release.server.taskDefinition);
  expect(release.client.distribution.distributionArn).toBeDefined();
});
