import { edit, type ForeignCase, fresh, pair } from './case';

const api = {
  'Fn::Join': ['', ['arn:aws:execute-api:eu-west-1:111122223333:', { Ref: 'Api' }, '/prod/GET/']],
};
const permission = (path: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': ['Handler', 'Arn'] },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Join': ['', [api, path]] },
  },
});
const handler = { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs22.x' } };

/** Harmless changes. */
export const harmless: readonly ForeignCase[] = [
  edit('a tag', 'clean', 'EKS::Cluster', { Tags: { team: 'a' } }, { Tags: { team: 'b' } }, { Name: 'c' }),
  edit('a tag is gone', 'clean', 'ElastiCache::ReplicationGroup', { Tags: [{ Key: 'a', Value: 'b' }] }, {}),
  edit(
    'a description',
    'clean',
    'AppSync::GraphQLApi',
    { OwnerContact: 'a' },
    { OwnerContact: 'a', Description: 'x' },
    { Name: 'n', AuthenticationType: 'AWS_IAM' },
  ),
  edit('another description', 'clean', 'Lambda::Function', { Description: 'a' }, { Description: 'b' }),
  edit(
    'more memory and time',
    'clean',
    'Lambda::Function',
    { MemorySize: 128, Timeout: 3 },
    { MemorySize: 512, Timeout: 10 },
  ),
  edit('another runtime', 'clean', 'Lambda::Function', { Runtime: 'nodejs20.x' }, { Runtime: 'nodejs22.x' }),
  edit(
    'a variable of a function',
    'clean',
    'Lambda::Function',
    { Environment: { Variables: { LEVEL: 'info' } } },
    { Environment: { Variables: { LEVEL: 'debug', MODE: 'new' } } },
  ),
  edit(
    'more lines in a log',
    'clean',
    'Lambda::Function',
    { LoggingConfig: { ApplicationLogLevel: 'WARN' } },
    { LoggingConfig: { ApplicationLogLevel: 'INFO' } },
  ),
  edit(
    'tracing is on',
    'clean',
    'Lambda::Function',
    { TracingConfig: { Mode: 'PassThrough' } },
    { TracingConfig: { Mode: 'Active' } },
  ),
  edit(
    'a table that pays by request',
    'clean',
    'DynamoDB::Table',
    { BillingMode: 'PROVISIONED' },
    { BillingMode: 'PAY_PER_REQUEST' },
  ),
  edit(
    'one more index',
    'clean',
    'DynamoDB::Table',
    {},
    { GlobalSecondaryIndexes: [{ IndexName: 'byDay' }] },
  ),
  edit(
    'restore of a table',
    'clean',
    'DynamoDB::Table',
    {},
    { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
  ),
  edit('a queue waits longer', 'clean', 'SQS::Queue', { VisibilityTimeout: 30 }, { VisibilityTimeout: 60 }),
  edit(
    'a queue with dead letters',
    'clean',
    'SQS::Queue',
    {},
    { RedrivePolicy: { deadLetterTargetArn: 'a', maxReceiveCount: 5 } },
  ),
  edit('logs are kept longer', 'clean', 'Logs::LogGroup', { RetentionInDays: 30 }, { RetentionInDays: 90 }),
  edit(
    'an alarm that fires sooner',
    'clean',
    'CloudWatch::Alarm',
    { Threshold: 10 },
    { Threshold: 5 },
    { ComparisonOperator: 'GreaterThanThreshold' },
  ),
  edit(
    'a stricter percentile',
    'clean',
    'CloudWatch::Alarm',
    { ExtendedStatistic: 'p95' },
    { ExtendedStatistic: 'p99' },
    { ComparisonOperator: 'GreaterThanThreshold', Threshold: 1 },
  ),
  edit(
    'more nodes',
    'clean',
    'EKS::Nodegroup',
    { ScalingConfig: { MinSize: 2, MaxSize: 4 } },
    { ScalingConfig: { MinSize: 3, MaxSize: 8 } },
  ),
  edit('more tasks', 'clean', 'ECS::Service', { DesiredCount: 2 }, { DesiredCount: 3 }),
  edit(
    'a private API of a cluster',
    'clean',
    'EKS::Cluster',
    { ResourcesVpcConfig: { EndpointPublicAccess: true } },
    { ResourcesVpcConfig: { EndpointPublicAccess: false } },
  ),
  edit(
    'protection of a pool',
    'clean',
    'Cognito::UserPool',
    { DeletionProtection: 'INACTIVE' },
    { DeletionProtection: 'ACTIVE' },
  ),
  edit(
    'a second factor for all',
    'clean',
    'Cognito::UserPool',
    { MfaConfiguration: 'OPTIONAL' },
    { MfaConfiguration: 'ON' },
  ),
  edit(
    'guests are out',
    'clean',
    'Cognito::IdentityPool',
    { AllowUnauthenticatedIdentities: true },
    { AllowUnauthenticatedIdentities: false },
  ),
  edit('a broker in private', 'clean', 'DMS::ReplicationInstance', {}, { AutoMinorVersionUpgrade: false }),
  edit(
    'a bucket with versions',
    'clean',
    'S3::Bucket',
    {},
    { VersioningConfiguration: { Status: 'Enabled' } },
  ),
  edit(
    'uploads that were given up go',
    'clean',
    'S3::Bucket',
    {},
    {
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
      },
    },
  ),
  edit(
    'a schedule at another hour',
    'clean',
    'Scheduler::Schedule',
    { Description: 'a' },
    { Description: 'b' },
    { ScheduleExpression: 'cron(0 3 * * ? *)' },
  ),
  edit(
    'a dashboard',
    'clean',
    'CloudWatch::Dashboard',
    { DashboardBody: '{"widgets":[]}' },
    { DashboardBody: '{"widgets":[1]}' },
  ),
  edit(
    'a comment of a distribution',
    'clean',
    'CloudFront::Distribution',
    { DistributionConfig: { Enabled: true, Comment: 'a' } },
    { DistributionConfig: { Enabled: true, Comment: 'b' } },
  ),
  edit(
    'a key that is rotated',
    'clean',
    'KMS::Key',
    { EnableKeyRotation: false },
    { EnableKeyRotation: true },
  ),
  edit(
    'images are scanned',
    'clean',
    'ECR::Repository',
    {},
    { ImageScanningConfiguration: { ScanOnPush: true } },
  ),
  edit(
    'a narrower door',
    'clean',
    'EC2::SecurityGroup',
    { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }] },
    { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '203.0.113.0/28' }] },
    { GroupDescription: 'g' },
  ),
  edit(
    'new code of a function',
    'clean',
    'Lambda::Function',
    { Code: { S3Key: `${'a'.repeat(64)}.zip` } },
    { Code: { S3Key: `${'b'.repeat(64)}.zip` } },
  ),
  fresh('a queue', 'clean', 'SQS::Queue', { SqsManagedSseEnabled: true }),
  fresh('an encrypted cache', 'clean', 'ElastiCache::ReplicationGroup', {
    AtRestEncryptionEnabled: true,
    TransitEncryptionEnabled: true,
  }),
  fresh('a private broker', 'clean', 'AmazonMQ::Broker', { PubliclyAccessible: false, BrokerName: 'b' }),
  pair(
    'a second method calls the same function',
    'clean',
    { Handler: handler, First: permission('orders') },
    { Handler: handler, First: permission('orders'), Second: permission('users') },
  ),
  pair(
    'a policy is divided',
    'clean',
    {
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::b/*' },
            ],
          },
        },
      },
    },
    {
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Reader: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }],
          },
        },
      },
      Writer: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' }],
          },
        },
      },
    },
  ),
  pair(
    'another path of an API calls the function',
    'clean',
    { Handler: handler, Call: permission('orders') },
    { Handler: handler, Call: permission('sales') },
  ),
];
