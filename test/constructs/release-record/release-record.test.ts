import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KeyValueStore } from 'aws-cdk-lib/aws-cloudfront';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { describe, expect, test } from 'vitest';
import { ReleaseRecord, type ReleaseRecordProps } from '../../../constructs/release-record';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';

function synthesise(props: Partial<ReleaseRecordProps> = {}, containers = true) {
  const stack = testStack();
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  if (containers) taskDefinition.addContainer('server', { image: ContainerImage.fromRegistry('shop:1') });
  const record = new ReleaseRecord(stack, 'Record', {
    name: 'shop-production',
    releaseId: 'r1',
    taskDefinition,
    keyValueStore: new KeyValueStore(stack, 'Store'),
    pointerValue: 'r1-01234567',
    url: 'https://d1.cloudfront.net',
    pageDigest: 'abc',
    healthPath: '/api/health',
    checks: [{ path: '/api/health' }],
    serverChecks: [{ path: '/api/health' }],
    migrations: { kind: 'journal', digest: 'm1', applied: [{ tag: '0000_a', contracts: false }] },
    ...props,
  });
  return { stack, record, template: Template.fromStack(stack) };
}

describe('ReleaseRecord', () => {
  const { record, template } = synthesise();
  const [release] = Object.values(template.findResources('Custom::ReleaseRecord'));
  const [migrationsId, migrations] = Object.entries(template.findResources('Custom::MigrationsRecord'))[0]!;

  test('records the release with references to what it is made of', () => {
    expect(release?.Properties).toMatchObject({
      Name: 'shop-production',
      ReleaseId: 'r1',
      Image: 'shop:1',
      TaskDefinition: { Ref: expect.stringMatching(/^Task/) },
      Pointer: 'r1-01234567',
      Store: { 'Fn::GetAtt': [expect.stringMatching(/^Store/), 'Arn'] },
      Checks: '[{"path":"/api/health"}]',
      OnDelete: 'retain',
    });
  });

  test('records the migrations before it, and apart from it', () => {
    expect(migrations.Properties).toMatchObject({
      Name: 'shop-production',
      Schema: '{"kind":"journal","digest":"m1","count":1,"newest":[{"tag":"0000_a","contracts":false}]}',
    });
    expect(release?.DependsOn).toContain(migrationsId);
    expect(JSON.stringify(migrations.Properties)).not.toContain('Task');
  });

  test('records no migrations where there are none', () => {
    const without = synthesise({ migrations: { kind: 'none', digest: '', applied: [] } });
    without.template.resourceCountIs('Custom::MigrationsRecord', 0);
    expect(without.record.migrations).toBeUndefined();
    expect(record.migrations).toBeDefined();
  });

  test('may write its own history, and read what it needs to know', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy'))
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
      arn(':service/shop-production/shop-production'),
      arn(':service-revision/shop-production/shop-production/*'),
    ]);
  });

  test('takes its history along where it is asked to', () => {
    synthesise({ removalPolicy: RemovalPolicy.DESTROY }).template.hasResourceProperties(
      'Custom::ReleaseRecord',
      { OnDelete: 'delete' },
    );
  });

  test('leaves checks out that a parameter has no room for', () => {
    const { Checks } = Object.values(
      synthesise({ checks: [{ path: `/${'a'.repeat(3000)}` }] }).template.findResources(
        'Custom::ReleaseRecord',
      ),
    )[0]!.Properties;
    expect(Checks).toBeUndefined();
  });

  test('has no finding of cdk-nag that nobody answered for', () => {
    const { record: own } = synthesise();
    expect(nagFindings(own)).toEqual([]);
    expect(unusedAcknowledgements(own)).toEqual([]);
  });

  test('fails on a task definition without a container', () => {
    expect(() => synthesise({}, false)).toThrow("'taskDefinition' must have a container");
  });
});
