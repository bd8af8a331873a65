import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { describe, expect, test } from 'vitest';
import { ReleaseSequence } from '../../../constructs/release';
import { ReleaseRecord, type ReleaseRecordProps } from '../../../constructs/release-record';
import { ContainerServer } from '../../../constructs/server';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';
import { addClient } from '../release/release-stack';

/** A server in a cluster of another team, which has another name. */
function synthesise(props: Partial<ReleaseRecordProps> = {}) {
  const stack = testStack();
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['subnet-a', 'subnet-b'],
  });
  const server = new ContainerServer(stack, 'Server', {
    vpc,
    cluster: Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'platform', vpc }),
    name: 'shop',
    image: ContainerImage.fromRegistry('shop:1'),
    port: 3000,
    healthPath: '/api/health',
  });
  const client = addClient(stack, server);
  const record = new ReleaseRecord(stack, 'Record', {
    name: 'shop-production',
    releaseId: 'r1',
    server,
    client,
    healthPath: '/api/health',
    checks: [{ path: '/api/health' }],
    serverChecks: [{ path: '/api/health' }],
    migrations: { kind: 'journal', digest: 'm1', applied: [{ tag: '0000_a', contracts: false }] },
    ...props,
  });
  new ReleaseSequence(stack, 'Sequence', { server, client, record });
  return { stack, record, client, template: Template.fromStack(stack) };
}

describe('ReleaseRecord', () => {
  const { record, client, stack, template } = synthesise();
  const [release] = Object.values(template.findResources('Custom::ReleaseRecord'));
  const [migrationsId, migrations] = Object.entries(template.findResources('Custom::MigrationsRecord'))[0]!;

  test('records the release with references to its resources', () => {
    expect(release?.Properties).toMatchObject({
      Name: 'shop-production',
      ReleaseId: 'r1',
      Image: 'shop:1',
      Cluster: 'platform',
      Service: 'shop',
      TaskDefinition: { Ref: expect.stringMatching(/^ServerTask/) },
      Pointer: client.pointerValue,
      PageDigest: client.pageDigest,
      Store: { 'Fn::GetAtt': [expect.stringMatching(/^ClientKeyValueStore/), 'Arn'] },
      Url: stack.resolve(client.url),
      Checks: '[{"path":"/api/health"}]',
      OnDelete: 'retain',
    });
  });

  test('records the migrations earlier, in a separate resource', () => {
    expect(migrations.Properties).toMatchObject({
      Name: 'shop-production',
      Schema: '{"kind":"journal","digest":"m1","count":1,"newest":[{"tag":"0000_a","contracts":false}]}',
    });
    expect(release?.DependsOn).toContain(migrationsId);
    expect(JSON.stringify(migrations.Properties)).not.toContain('Task');
  });

  test('records no migrations without a migrations construct', () => {
    const without = synthesise({ migrations: undefined });
    without.template.resourceCountIs('Custom::MigrationsRecord', 0);
    expect(without.record.migrations).toBeUndefined();
    expect(record.migrations).toBeDefined();
  });

  test('may write its own history, and read what a record needs', () => {
    const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('Record'))
      .map(([, resource]) => resource)
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => !/^logs:/.test([Action].flat()[0]));
    const arn = (rest: string) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          expect.anything(),
          expect.anything(),
          expect.anything(),
          expect.anything(),
          rest,
        ],
      ],
    });
    expect(statements.map(({ Action }) => Action)).toEqual([
      'ssm:GetParametersByPath',
      'ssm:GetParameter',
      ['ssm:DeleteParameters', 'ssm:PutParameter'],
      'cloudformation:DescribeStacks',
      'ecs:ListServiceDeployments',
      'ecs:DescribeServiceRevisions',
    ]);
    expect(statements.map(({ Resource }) => Resource)).toEqual([
      arn(':parameter/framework53/shop-production/releases'),
      arn(':parameter/framework53/shop-production/delivery/lock'),
      arn(':parameter/framework53/shop-production/releases/*'),
      { Ref: 'AWS::StackId' },
      arn(':service/platform/shop'),
      arn(':service-revision/platform/shop/*'),
    ]);
  });

  test('can delete its history with the stack', () => {
    synthesise({ removalPolicy: RemovalPolicy.DESTROY }).template.hasResourceProperties(
      'Custom::ReleaseRecord',
      { OnDelete: 'delete' },
    );
  });

  test('omits checks that do not fit into a parameter', () => {
    const { Checks } = Object.values(
      synthesise({ checks: [{ path: `/${'a'.repeat(3000)}` }] }).template.findResources(
        'Custom::ReleaseRecord',
      ),
    )[0]!.Properties;
    expect(Checks).toBeUndefined();
  });

  test('has no cdk-nag finding without an acknowledgement', () => {
    const { record: own } = synthesise();
    expect(nagFindings(own)).toEqual([]);
    expect(unusedAcknowledgements(own)).toEqual([]);
  });

  test('generates the name of its history by default', () => {
    const { template } = synthesise({ name: undefined });
    const [{ Properties }] = Object.values(template.findResources('Custom::ReleaseRecord')) as [
      { Properties: { Name: string } },
    ];
    expect(Properties.Name).toMatch(/^test-record-[0-9a-f]{8}$/);
  });

  test('fails for an invalid name', () => {
    expect(() => synthesise({ name: 'Shop' })).toThrow("Test/Record: 'name' must be 1 to 40");
  });
});
