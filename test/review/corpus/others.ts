import type { Case } from './case';
import { one } from './one';

const INSTANCE = 'AWS::RDS::DBInstance';
const BUCKET = 'AWS::S3::Bucket';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const SERVICE = 'AWS::ECS::Service';
const STATEMENT = { Effect: 'Allow', Action: 'sts:AssumeRole' };
const ECS = { Service: 'ecs-tasks.amazonaws.com' };
const subnets = (...Subnets: readonly string[]) => ({
  NetworkConfiguration: { AwsvpcConfiguration: { Subnets } },
});
const canary = (Strategy: string, CanaryPercent: number) => ({
  DeploymentConfiguration: { Strategy, CanaryConfiguration: { CanaryPercent, CanaryBakeTimeInMinutes: 10 } },
});
const trusted = (...principals: readonly object[]) => ({
  AssumeRolePolicyDocument: { Statement: principals.map((Principal) => ({ ...STATEMENT, Principal })) },
});

/** Changes of resources that only other teams' stacks have. */
export const others: readonly Case[] = [
  one('a database instance is removed', INSTANCE, { Engine: 'postgres' }, undefined, 'danger', 'data-loss'),
  one(
    'a new database instance is public',
    INSTANCE,
    undefined,
    { PubliclyAccessible: true },
    'danger',
    'public-address',
  ),
  one(
    'a database instance without a standby',
    INSTANCE,
    { MultiAZ: true },
    { MultiAZ: false },
    'caution',
    'downtime',
  ),
  one(
    'a smaller database instance',
    INSTANCE,
    { DBInstanceClass: 'db.r8g.4xlarge' },
    { DBInstanceClass: 'db.r8g.large' },
    'caution',
    'capacity',
    'downtime',
  ),
  one(
    'a new cluster that is not encrypted',
    'AWS::RDS::DBCluster',
    undefined,
    { Engine: 'aurora-postgresql' },
    'danger',
    'encryption-at-rest',
  ),
  one(
    'deletion protection of a table',
    'AWS::DynamoDB::Table',
    { DeletionProtectionEnabled: true },
    {},
    'danger',
    'deletion-protection',
  ),
  one('a queue is removed', 'AWS::SQS::Queue', {}, undefined, 'danger', 'data-loss'),
  one(
    'a queue gets another name',
    'AWS::SQS::Queue',
    { QueueName: 'a' },
    { QueueName: 'b' },
    'danger',
    'data-loss',
  ),
  one(
    'a user pool loses its protection',
    'AWS::Cognito::UserPool',
    { DeletionProtection: 'ACTIVE' },
    { DeletionProtection: 'INACTIVE' },
    'danger',
    'deletion-protection',
  ),
  one(
    'versions of objects are suspended',
    BUCKET,
    { VersioningConfiguration: { Status: 'Enabled' } },
    { VersioningConfiguration: { Status: 'Suspended' } },
    'caution',
    'backup',
  ),
  one('a public bucket', BUCKET, {}, { AccessControl: 'PublicRead' }, 'danger', 'public-access-block'),
  one(
    'a key is disabled',
    'AWS::KMS::Key',
    { Enabled: true },
    { Enabled: false },
    'danger',
    'encryption-at-rest',
  ),
  one('a key is deleted sooner', 'AWS::KMS::Key', {}, { PendingWindowInDays: 7 }, 'caution', 'backup'),
  one(
    'a topic without its key',
    'AWS::SNS::Topic',
    { KmsMasterKeyId: 'alias/shop' },
    {},
    'caution',
    'encryption-at-rest',
  ),
  one(
    'a listener without TLS',
    LISTENER,
    { Protocol: 'HTTPS', Port: 443 },
    { Protocol: 'HTTP', Port: 443 },
    'danger',
    'encryption-in-transit',
  ),
  one(
    'old TLS',
    LISTENER,
    { SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
    { SslPolicy: 'ELBSecurityPolicy-2016-08' },
    'caution',
    'encryption-in-transit',
  ),
  one(
    'a cache without TLS',
    'AWS::ElastiCache::ReplicationGroup',
    { TransitEncryptionEnabled: true },
    { TransitEncryptionEnabled: false },
    'danger',
    'encryption-in-transit',
  ),
  one(
    'the firewall of a load balancer is detached',
    'AWS::WAFv2::WebACLAssociation',
    { WebACLArn: 'arn' },
    undefined,
    'danger',
    'firewall',
  ),
  one('a backup plan is removed', 'AWS::Backup::BackupPlan', {}, undefined, 'danger', 'backup'),
  one(
    'tasks on spare capacity',
    SERVICE,
    {},
    { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] },
    'caution',
    'capacity',
  ),
  one('one zone less', SERVICE, subnets('subnet-a', 'subnet-b'), subnets('subnet-a'), 'caution', 'capacity'),
  one(
    'all at once instead of a canary',
    SERVICE,
    canary('CANARY', 5),
    canary('BLUE_GREEN', 5),
    'caution',
    'blue-green',
  ),
  one(
    'half of the users try it first',
    SERVICE,
    canary('CANARY', 5),
    canary('CANARY', 50),
    'caution',
    'blue-green',
  ),
  one(
    'no circuit breaker',
    SERVICE,
    { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } } },
    { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: false } } },
    'caution',
    'blue-green',
  ),
  one(
    'alarms are muted',
    'AWS::CloudWatch::AlarmMuteRule',
    undefined,
    { MuteTargets: { AlarmNames: ['page'] } },
    'caution',
    'escalation',
  ),
  one(
    'an alarm is silenced by another',
    'AWS::CloudWatch::CompositeAlarm',
    { AlarmRule: 'ALARM(a)' },
    { AlarmRule: 'ALARM(a)', ActionsSuppressor: 'b' },
    'caution',
    'alarm-weakened',
  ),
  one(
    'a queue is no longer read',
    'AWS::Lambda::EventSourceMapping',
    { Enabled: true },
    { Enabled: false },
    'caution',
    'escalation',
  ),
  one(
    'a zone is removed',
    'AWS::Route53::HostedZone',
    { Name: 'shop.example' },
    undefined,
    'danger',
    'downtime',
  ),
  one(
    'a gateway is removed',
    'AWS::EC2::NatGateway',
    { SubnetId: 'subnet-a' },
    undefined,
    'danger',
    'downtime',
  ),
  one(
    'a password in a function',
    'AWS::Lambda::Function',
    {},
    { Environment: { Variables: { SMTP_PASSWORD: 'hunter2' } } },
    'danger',
    'container',
  ),
  one(
    'a method without authorization',
    'AWS::ApiGateway::Method',
    { AuthorizationType: 'AWS_IAM' },
    { AuthorizationType: 'NONE' },
    'danger',
    'authentication',
  ),
  one(
    'a trail stops',
    'AWS::CloudTrail::Trail',
    { IsLogging: true },
    { IsLogging: false },
    'caution',
    'logging',
  ),
  one(
    'another service takes a role',
    'AWS::IAM::Role',
    trusted(ECS),
    trusted(ECS, { Service: 'lambda.amazonaws.com' }),
    'clean',
    'iam-principals',
  ),
  one('a new role for a service', 'AWS::IAM::Role', undefined, trusted(ECS), 'clean'),
  {
    name: 'an export that no stack of the plan imports goes',
    verdict: 'caution',
    rules: ['exports'],
    given: (both) => {
      both.stack('data').template.Outputs['Other'] = { Value: 'x', Export: { Name: 'other' } };
    },
    change: (head) => {
      delete head.stack('data').template.Outputs['Other'];
    },
  },
];
