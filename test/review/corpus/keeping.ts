import type { Case } from './case';

const CLUSTER = 'AWS::RDS::DBCluster';
const BUCKET = 'AWS::S3::Bucket';
const TABLE = 'AWS::DynamoDB::Table';

/** Changes to retention and recovery of data, and to its readers. */
export const keeping: readonly Case[] = [
  {
    name: 'a day of restore points',
    verdict: 'danger',
    rules: ['backup'],
    change: (head) => {
      head.properties(CLUSTER)['BackupRetentionPeriod'] = 1;
    },
  },
  {
    name: 'two weeks of restore points instead of a month',
    verdict: 'caution',
    rules: ['backup'],
    change: (head) => {
      head.properties(CLUSTER)['BackupRetentionPeriod'] = 14;
    },
  },
  {
    name: 'logs are kept for a month instead of a year',
    verdict: 'caution',
    rules: ['backup'],
    change: (head) => {
      head.properties('AWS::Logs::LogGroup', 'Server/Task')['RetentionInDays'] = 30;
    },
  },
  {
    name: 'logs that were kept for ever are kept for a year',
    verdict: 'caution',
    rules: ['backup'],
    given: (both) => {
      delete both.properties('AWS::Logs::LogGroup', 'Server/Task')['RetentionInDays'];
    },
    change: (head) => {
      head.properties('AWS::Logs::LogGroup', 'Server/Task')['RetentionInDays'] = 365;
    },
  },
  {
    name: 'objects of the client expire',
    verdict: 'caution',
    rules: ['backup'],
    change: (head) => {
      head.properties(BUCKET, 'Client/Bucket')['LifecycleConfiguration'] = {
        Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }],
      };
    },
  },
  {
    name: 'point-in-time recovery is turned off',
    verdict: 'danger',
    rules: ['backup'],
    given: (both) =>
      both.add('data', 'Orders', {
        Type: TABLE,
        Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      }),
    change: (head) => {
      head.properties(TABLE, 'Orders')['PointInTimeRecoverySpecification'] = {
        PointInTimeRecoveryEnabled: false,
      };
    },
  },
  {
    name: 'uploads delete what they do not have',
    verdict: 'danger',
    rules: ['backup'],
    change: (head) => {
      head.properties('Custom::CDKBucketDeployment', 'Upload/Release/Assets')['Prune'] = true;
    },
  },
  {
    name: 'fewer releases to go back to',
    verdict: 'caution',
    rules: ['backup'],
    change: (head) => {
      head.properties('Custom::RunningRelease')['Keep'] = '3';
    },
  },
  {
    name: 'the database without encryption',
    verdict: 'danger',
    rules: ['data-loss', 'downtime', 'encryption-at-rest'],
    change: (head) => {
      head.properties(CLUSTER)['StorageEncrypted'] = false;
    },
  },
  {
    name: 'the key is no longer rotated',
    verdict: 'caution',
    rules: ['encryption-at-rest'],
    change: (head) => {
      head.properties('AWS::KMS::Key')['EnableKeyRotation'] = false;
    },
  },
  {
    name: 'personal data is no longer masked in a log',
    verdict: 'danger',
    rules: ['data-protection'],
    change: (head) => {
      delete head.properties('AWS::Logs::LogGroup', 'Server/Task')['DataProtectionPolicy'];
    },
  },
  {
    name: 'e-mail addresses are no longer masked in a log',
    verdict: 'caution',
    rules: ['data-protection'],
    change: (head) => {
      const policy = head.properties('AWS::Logs::LogGroup', 'Server/Task')['DataProtectionPolicy'];
      for (const statement of policy['Statement'])
        statement['DataIdentifier'] = statement['DataIdentifier'].filter(
          (identifier: unknown) => !JSON.stringify(identifier).includes('EmailAddress'),
        );
    },
  },
  {
    name: 'the database logs the values of queries',
    verdict: 'caution',
    rules: ['data-protection'],
    change: (head) => {
      head.properties('AWS::RDS::DBClusterParameterGroup')['Parameters']['log_parameter_max_length'] = '-1';
    },
  },
];
