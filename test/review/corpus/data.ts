import type { Case } from './case';
import type { Draft } from './draft';

const CLUSTER = 'AWS::RDS::DBCluster';
const BUCKET = 'AWS::S3::Bucket';
const TABLE = 'AWS::DynamoDB::Table';

const protect = (draft: Draft, value: string): void => {
  const attributes = draft.properties('AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'];
  for (const attribute of attributes)
    if (attribute['Key'] === 'deletion_protection.enabled') attribute['Value'] = value;
};

/** Changes that affect data. */
export const data: readonly Case[] = [
  {
    name: 'another name for the database',
    verdict: 'danger',
    rules: ['data-loss', 'downtime'],
    change: (head) => {
      head.properties(CLUSTER)['DatabaseName'] = 'store';
    },
  },
  {
    name: 'the database under another key',
    verdict: 'danger',
    rules: ['data-loss', 'downtime', 'encryption-at-rest'],
    change: (head) => {
      delete head.properties(CLUSTER)['KmsKeyId'];
    },
  },
  {
    name: 'the database is removed',
    verdict: 'danger',
    rules: ['data-loss'],
    given: (both) =>
      both.add('data', 'Ledger', {
        Type: CLUSTER,
        Properties: { Engine: 'aurora-postgresql', StorageEncrypted: true },
      }),
    change: (head) => head.remove(CLUSTER, 'Ledger'),
  },
  {
    name: 'the master user is called otherwise',
    verdict: 'caution',
    rules: ['data-loss'],
    change: (head) => {
      head.properties(CLUSTER)['MasterUsername'] = 'admin_user';
    },
  },
  {
    name: 'the construct of the key is renamed',
    verdict: 'danger',
    rules: ['data-loss', 'downtime', 'exports', 'renamed'],
    change: (head) => head.rename('AWS::KMS::Key', '', 'DataKey12345678'),
  },
  {
    name: 'the construct of a secret is renamed',
    verdict: 'danger',
    rules: ['exports', 'renamed'],
    change: (head) => head.rename('AWS::SecretsManager::Secret', 'STRIPE_KEY', 'SecretsStripe12345678'),
  },
  {
    name: 'a log group with a fixed name is renamed',
    verdict: 'danger',
    rules: ['renamed'],
    change: (head) =>
      head.rename('AWS::Logs::LogGroup', 'Server/Insights', 'ServerContainerInsights12345678'),
  },
  {
    name: 'a bucket moves to another stack',
    verdict: 'danger',
    rules: ['renamed'],
    given: (both) =>
      both.add('release', 'Uploads', {
        Type: BUCKET,
        Properties: { VersioningConfiguration: { Status: 'Enabled' } },
      }),
    change: (head) => {
      head.add('data', 'Uploads', head.resource(BUCKET, 'Uploads'));
      delete head.stack('release').template.Resources['Uploads'];
    },
  },
  {
    name: 'the bucket of the client gets a name',
    verdict: 'danger',
    rules: ['data-loss'],
    change: (head) => {
      head.properties(BUCKET, 'Client/Bucket')['BucketName'] = 'shop-production-client';
    },
  },
  {
    name: 'the key-value store gets another name',
    verdict: 'danger',
    rules: ['data-loss'],
    change: (head) => {
      head.properties('AWS::CloudFront::KeyValueStore')['Name'] = 'shop-production-pointer';
    },
  },
  {
    name: 'a log group gets another name',
    verdict: 'caution',
    rules: ['data-loss'],
    change: (head) => {
      head.properties('AWS::Logs::LogGroup', 'Edge/Firewall')['LogGroupName'] = 'aws-waf-logs-shop';
    },
  },
  {
    name: 'a log group without a policy is removed',
    verdict: 'caution',
    rules: ['data-loss'],
    given: (both) =>
      both.add('data', 'AuditLog', { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'audit' } }),
    change: (head) => head.remove('AWS::Logs::LogGroup', 'AuditLog'),
  },
  {
    name: 'a table that is kept leaves the stack',
    verdict: 'caution',
    rules: ['data-loss'],
    given: (both) =>
      both.add('data', 'Orders', {
        Type: TABLE,
        DeletionPolicy: 'Retain',
        Properties: { TableName: 'orders' },
      }),
    change: (head) => head.remove(TABLE, 'Orders'),
  },
  {
    name: 'a table that is not kept leaves the stack',
    verdict: 'danger',
    rules: ['data-loss'],
    given: (both) => both.add('data', 'Orders', { Type: TABLE, Properties: { TableName: 'orders' } }),
    change: (head) => head.remove(TABLE, 'Orders'),
  },
  {
    name: 'a parameter is removed',
    verdict: 'caution',
    rules: ['data-loss'],
    given: (both) =>
      both.add('data', 'Flag', { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'on' } }),
    change: (head) => head.remove('AWS::SSM::Parameter', 'Flag'),
  },
  {
    name: 'the database is no longer kept as a snapshot',
    verdict: 'danger',
    rules: ['deletion-policy'],
    change: (head) => {
      head.resource(CLUSTER)['DeletionPolicy'] = 'Delete';
    },
  },
  {
    name: 'the key is no longer kept when it is replaced',
    verdict: 'danger',
    rules: ['deletion-policy'],
    change: (head) => {
      head.resource('AWS::KMS::Key')['UpdateReplacePolicy'] = 'Delete';
    },
  },
  {
    name: 'deletion protection of the database is turned off',
    verdict: 'danger',
    rules: ['deletion-protection'],
    change: (head) => {
      head.properties(CLUSTER)['DeletionProtection'] = false;
    },
  },
  {
    name: 'deletion protection of the load balancer is turned off',
    verdict: 'caution',
    rules: ['deletion-protection'],
    given: (both) => protect(both, 'true'),
    change: (head) => protect(head, 'false'),
  },
  {
    name: 'termination protection of the data stack is turned off',
    verdict: 'danger',
    rules: ['deletion-protection'],
    change: (head) => {
      Object.assign(head.stack('data'), { terminationProtection: false });
    },
  },
  {
    name: 'a log group that is kept leaves the stack',
    verdict: 'clean',
    rules: ['data-loss'],
    change: (head) => head.remove('AWS::Logs::LogGroup', 'Edge/Firewall'),
  },
  {
    name: 'a log group is no longer kept',
    verdict: 'caution',
    rules: ['deletion-policy'],
    change: (head) => {
      head.resource('AWS::Logs::LogGroup', 'Server/Task')['DeletionPolicy'] = 'Delete';
    },
  },
];
