import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { Migrations } from '../../../constructs/migrations';
import { testStack } from '../../support';

function synthesise() {
  const stack = testStack();
  const vpc = new Vpc(stack, 'Vpc');
  const migrations = new Migrations(stack, 'Migrations', {
    cluster: new Cluster(stack, 'Cluster', { vpc }),
    image: ContainerImage.fromRegistry('shop:1'),
    digest: '1',
  });
  return { stack, vpc, migrations };
}

test('without given security groups, the task has one of its own, which a database can admit', () => {
  const { stack, vpc, migrations } = synthesise();
  new SecurityGroup(stack, 'Database', { vpc }).connections.allowFrom(migrations, Port.tcp(5432));
  const template = Template.fromStack(stack);
  const own = { 'Fn::GetAtt': [Match.stringLikeRegexp('^MigrationsSecurityGroup'), 'GroupId'] };
  template.hasResourceProperties('Custom::Migrations', { SecurityGroups: [own] });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Database'), 'GroupId'] },
    SourceSecurityGroupId: own,
    ToPort: 5432,
  });
});

test('grants go to the role of the task', () => {
  const { stack, migrations } = synthesise();
  new Bucket(stack, 'Seed').grantRead(migrations);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^MigrationsTaskTaskRole') }],
  });
});

test('fails in a network without private subnets', () => {
  const stack = testStack();
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
  const make = () =>
    new Migrations(stack, 'Migrations', {
      cluster: new Cluster(stack, 'Cluster', { vpc }),
      image: ContainerImage.fromRegistry('shop:1'),
      digest: '1',
    });
  expect(make).toThrow("'cluster.vpc' must have private subnets with a route to the internet");
});
