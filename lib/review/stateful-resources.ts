import type { Resource } from './plan';

/** What a resource holds that CloudFormation cannot make again. */
export interface Holder {
  /** What it is called, such as `database`. */
  readonly noun: string;
  /** What is lost with it. */
  readonly loses: string;
  /** Data of the application and its users; otherwise what is kept about it. */
  readonly primary: boolean;
}

const holder = (noun: string, loses: string, primary = true): Holder => ({ noun, loses, primary });
const database = holder('database', 'every row in it');
const table = holder('table', 'every item in it');
const bucket = holder('bucket', 'every object in it');
const files = holder('file system', 'every file on it');
const cache = holder('cache', 'all it holds, sessions included');
const key = holder('key', 'everything that was encrypted under it');

const HOLDERS: Readonly<Record<string, Holder>> = {
  'AWS::RDS::DBCluster': database,
  'AWS::RDS::DBInstance': database,
  'AWS::RDS::GlobalCluster': database,
  'AWS::DocDB::DBCluster': database,
  'AWS::DSQL::Cluster': database,
  'AWS::Neptune::DBCluster': database,
  'AWS::Redshift::Cluster': database,
  'AWS::OpenSearchService::Domain': holder('search domain', 'every index in it'),
  'AWS::Timestream::Table': table,
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Cassandra::Table': table,
  'AWS::S3Tables::Table': table,
  'AWS::S3Tables::TableBucket': bucket,
  'AWS::S3::Bucket': bucket,
  'AWS::S3Express::DirectoryBucket': bucket,
  'AWS::EFS::FileSystem': files,
  'AWS::FSx::FileSystem': files,
  'AWS::EC2::Volume': holder('volume', 'everything on it'),
  'AWS::ElastiCache::ReplicationGroup': cache,
  'AWS::ElastiCache::ServerlessCache': cache,
  'AWS::MemoryDB::Cluster': cache,
  'AWS::SecretsManager::Secret': holder('secret', 'its value, and whatever only that value opens'),
  'AWS::KMS::Key': key,
  'AWS::KMS::ReplicaKey': key,
  'AWS::CloudFront::KeyValueStore': holder(
    'key-value store',
    'every key in it, the current release included',
  ),
  'AWS::ECR::Repository': holder('image repository', 'every image in it, and with them the way back'),
  'AWS::SQS::Queue': holder('queue', 'every message that waits in it'),
  'AWS::Kinesis::Stream': holder('stream', 'every record in it'),
  'AWS::MSK::Cluster': holder('message cluster', 'every topic in it'),
  'AWS::Cognito::UserPool': holder('user pool', 'every user and password in it'),
  'AWS::Backup::BackupVault': holder('backup vault', 'every restore point in it'),
  'AWS::Logs::LogGroup': holder('log group', 'every log event in it', false),
  'AWS::SSM::Parameter': holder('parameter', 'its value and its history', false),
};

/** What a resource holds; undefined when it holds nothing that matters. */
export function holderOf(resource: Resource | undefined): Holder | undefined {
  // Instances of a cluster come and go; the data is the cluster's.
  if (resource?.Properties?.['DBClusterIdentifier'] !== undefined && resource.Type === 'AWS::RDS::DBInstance')
    return undefined;
  return resource && HOLDERS[resource.Type];
}

export type Fate = 'Delete' | 'Snapshot' | 'Retain';

/** What becomes of a resource that is deleted or replaced. */
export function fate(resource: Resource, policy: 'DeletionPolicy' | 'UpdateReplacePolicy'): Fate {
  const given = resource[policy];
  if (given === 'Retain' || given === 'RetainExceptOnCreate') return 'Retain';
  if (given === 'Snapshot' || given === 'Delete') return given;
  // Databases are the exception to CloudFormation's default, and only when they are deleted.
  const snapshots = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'].includes(resource.Type);
  return snapshots && policy === 'DeletionPolicy' ? 'Snapshot' : 'Delete';
}

const NAMES = `BucketName TableName LogGroupName Name DBClusterIdentifier DBInstanceIdentifier QueueName
  RepositoryName AlarmName RoleName FunctionName ClusterName ServiceName LoadBalancerName TopicName DBProxyName
  StateMachineName DashboardName PolicyName GroupName CanaryName UserPoolName BackupVaultName AliasName`.split(
  /\s+/,
);

/** The name that AWS knows a resource by, when the template gives it one. */
export function physicalName({ Properties = {} }: Resource): string | undefined {
  const name = NAMES.map((property) => Properties[property]).find((value) => typeof value === 'string');
  return name as string | undefined;
}
