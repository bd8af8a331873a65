import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { Network } from '../../../constructs/network';
import { testStack } from '../../support';
import { addServer } from './server-stack';

const INGRESS = 'AWS::EC2::SecurityGroupIngress';

describe('connections', () => {
  test('open one port of a database to the tasks only, not to others in their security groups', () => {
    const stack = testStack();
    const { vpc } = new Network(stack, 'Own');
    const database = new SecurityGroup(stack, 'Database', { vpc });
    const shared = new SecurityGroup(stack, 'Shared', { vpc });
    const server = addServer(stack, { vpc, task: { securityGroups: [shared] } });
    database.connections.allowFrom(server, Port.tcp(5432));
    const rules = Object.values(
      Template.fromStack(stack).findResources(INGRESS, { Properties: { FromPort: 5432 } }),
    ).map(({ Properties }) => Properties);
    expect(rules).toEqual([
      expect.objectContaining({
        GroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Database/), 'GroupId'] },
        SourceSecurityGroupId: {
          'Fn::GetAtt': [expect.stringMatching(/^ServerServiceSecurityGroup/), 'GroupId'],
        },
        ToPort: 5432,
      }),
    ]);
  });

  test('admit peers on the container port', () => {
    const stack = testStack();
    const { vpc } = new Network(stack, 'Own');
    addServer(stack, { vpc, port: 4000 }).connections.allowDefaultPortFrom(
      new SecurityGroup(stack, 'Batch', { vpc }),
    );
    Template.fromStack(stack).hasResourceProperties(INGRESS, {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServerServiceSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Batch'), 'GroupId'] },
      FromPort: 4000,
      ToPort: 4000,
    });
  });
});

test('grants go to the role of the tasks', () => {
  const stack = testStack();
  const server = addServer(stack, {});
  new Bucket(stack, 'Uploads').grantPut(server);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^ServerTaskTaskRole') }],
    PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['s3:PutObject']) })] },
  });
});

test('a server without a name uses the same generated name everywhere', () => {
  const stack = testStack('Orders');
  const server = addServer(stack, { name: undefined });
  const template = Template.fromStack(stack);
  const name = server.serviceName;
  expect(name).toMatch(/^orders-server-[0-9a-f]{8}$/);
  template.hasResourceProperties('AWS::ECS::Service', { ServiceName: name });
  template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: name });
  template.hasResourceProperties('AWS::ECS::TaskDefinition', { Family: name });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: `${name}-rollback-errors` });
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineName: `${name}-deployment-watchdog`,
  });
});
