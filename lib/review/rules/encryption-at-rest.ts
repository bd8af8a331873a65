import type { Rule } from './rule';
import { gone, judgeSettings, type Setting, turnedOff } from './setting';

const off = (types: readonly string[], property: string, what = 'Encryption at rest'): Setting => ({
  types,
  property,
  worse: turnedOff,
  bad: (now) => String(now) === 'false',
  severity: 'danger',
  what,
  why: 'Disks, backups and snapshots can then be read by whoever gets hold of them.',
  advice: 'Keep it on. It cannot be turned on again without making the resource anew.',
});

const noKey = (types: readonly string[], property: string): Setting => ({
  types,
  property,
  worse: gone,
  severity: 'caution',
  what: 'The key it is encrypted under',
  why: 'AWS’s own key takes its place: who may use it is then nobody’s decision here, and it cannot be withdrawn.',
  advice: 'Keep the customer-managed key.',
});

const SETTINGS: readonly Setting[] = [
  {
    ...off(['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'], 'StorageEncrypted'),
    bad: (now) => String(now) !== 'true',
  },
  off(['AWS::RDS::DBInstance'], 'StorageEncrypted'),
  off(['AWS::EFS::FileSystem', 'AWS::EC2::Volume'], 'Encrypted'),
  off(['AWS::ElastiCache::ReplicationGroup'], 'AtRestEncryptionEnabled'),
  off(['AWS::OpenSearchService::Domain'], 'EncryptionAtRestOptions.Enabled'),
  { ...off(['AWS::SQS::Queue'], 'SqsManagedSseEnabled'), severity: 'caution' },
  { ...off(['AWS::DynamoDB::Table'], 'SSESpecification.SSEEnabled'), severity: 'caution' },
  noKey(
    `AWS::RDS::DBCluster AWS::RDS::DBInstance AWS::SecretsManager::Secret AWS::Logs::LogGroup AWS::EFS::FileSystem
    AWS::EC2::Volume`.split(/\s+/),
    'KmsKeyId',
  ),
  noKey(['AWS::SNS::Topic', 'AWS::SQS::Queue'], 'KmsMasterKeyId'),
  noKey(['AWS::CloudTrail::Trail'], 'KMSKeyId'),
  noKey(['AWS::Lambda::Function'], 'KmsKeyArn'),
  noKey(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'], 'MasterUserSecret.KmsKeyId'),
  noKey(['AWS::StepFunctions::StateMachine'], 'EncryptionConfiguration.KmsKeyId'),
  noKey(['AWS::ECR::Repository'], 'EncryptionConfiguration.KmsKey'),
  noKey(['AWS::DynamoDB::Table'], 'SSESpecification.KMSMasterKeyId'),
  noKey(
    ['AWS::S3::Bucket'],
    'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID',
  ),
  {
    ...noKey(['AWS::S3::Bucket'], 'BucketEncryption'),
    what: 'The bucket’s encryption',
    why: 'Only S3’s default is left, under a key that is nobody’s decision here.',
    advice: 'Keep the setting.',
  },
  {
    types: ['AWS::KMS::Key'],
    property: 'EnableKeyRotation',
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'caution',
    what: 'Rotation of the key',
    why: 'What leaks of the key once opens everything that is encrypted under it from then on.',
    advice: 'Keep it on; it costs nothing to those who use the key.',
  },
  {
    types: ['AWS::KMS::Key'],
    property: 'Enabled',
    absent: true,
    worse: turnedOff,
    severity: 'danger',
    what: 'The key',
    why: 'Nothing that is encrypted under it can be read: the database stops, and no secret opens.',
    advice: 'Leave it enabled as long as anything is encrypted under it.',
  },
];

/** What is stored is protected less. */
export const encryptionAtRest: Rule = {
  name: 'encryption-at-rest',
  severities: ['danger', 'caution'],
  summary:
    'Encryption of what is stored is turned off, loses its key, or the key is no longer rotated or usable.',
  judge: (comparison) => judgeSettings(comparison, SETTINGS),
};
