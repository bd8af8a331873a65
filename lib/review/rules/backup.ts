import type { ResourceChange } from '../change';
import { show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import {
  items,
  judgeSettings,
  lessIsWorse,
  number,
  type Setting,
  turnedOff,
  turnedOn,
  value,
} from './setting';

const shorter = lessIsWorse({
  why: 'What is older is deleted soon after the deployment, and does not come back.',
  advice: 'Keep it as long as it was. To save, change how much is written, not how long it is kept.',
});

/** A restore window under a week is none over a holiday. */
const WEEK = 7;

const SETTINGS: readonly Setting[] = [
  shorter(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'],
    'BackupRetentionPeriod',
    'Days the database can be restored to',
    {
      absent: 1,
      severity: (now) => (number(now)! < WEEK ? 'danger' : 'caution'),
      why: 'Restore points that are older are deleted with the deployment: a mistake that is noticed later cannot be undone.',
    },
  ),
  shorter(['AWS::RDS::DBCluster'], 'BacktrackWindow', 'Seconds the database can be taken back'),
  shorter(['AWS::Logs::LogGroup'], 'RetentionInDays', 'Days that logs are kept', {
    absent: Number.POSITIVE_INFINITY,
  }),
  shorter(
    ['AWS::S3::Bucket'],
    'LifecycleConfiguration.Rules[].ExpirationInDays',
    'Days until objects are deleted',
  ),
  shorter(
    ['AWS::S3::Bucket'],
    'LifecycleConfiguration.Rules[].NoncurrentVersionExpiration.NoncurrentDays',
    'Days until former versions are deleted',
  ),
  shorter(['AWS::KMS::Key'], 'PendingWindowInDays', 'Days in which the key’s deletion can be taken back', {
    absent: 30,
    why: 'A key that is deleted by mistake is gone sooner, with everything encrypted under it.',
  }),
  shorter(['AWS::SQS::Queue'], 'MessageRetentionPeriod', 'Seconds that messages wait', { absent: 345_600 }),
  shorter(['AWS::Kinesis::Stream'], 'RetentionPeriodHours', 'Hours that records are kept', { absent: 24 }),
  shorter(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    'PerformanceInsightsRetentionPeriod',
    'Days of performance data',
    {
      severity: 'note',
    },
  ),
  shorter(
    ['Custom::RunningRelease', 'Custom::ReleaseRecord'],
    'Keep',
    'Releases that can be rolled back to',
    {
      why: 'Older ones are forgotten: `framework53 rollback` cannot go back to them.',
    },
  ),
  {
    types: ['AWS::DynamoDB::Table'],
    property: 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'Restore to any second',
    why: 'All restore points are deleted at once: no mistake can be undone.',
    advice: 'Keep it on.',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'VersioningConfiguration.Status',
    worse: turnedOff,
    severity: 'caution',
    what: 'Versions of objects',
    why: 'What is overwritten or deleted from then on is lost.',
    advice: 'Keep it Enabled; let former versions expire instead.',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'DeleteAutomatedBackups',
    worse: turnedOn,
    severity: 'caution',
    what: 'Deletion of backups together with the database',
    why: 'Whoever deletes the database, by mistake or not, deletes its restore points as well.',
    advice: 'Keep it false.',
  },
  {
    types: ['AWS::EFS::FileSystem'],
    property: 'BackupPolicy.Status',
    worse: turnedOff,
    severity: 'danger',
    what: 'Backups of the file system',
    why: 'What is deleted by mistake from then on is lost.',
    advice: 'Keep them ENABLED.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'Prune',
    absent: true,
    worse: turnedOn,
    severity: 'danger',
    what: 'Deletion of files that the upload does not have (Prune)',
    why: 'Files of earlier releases are deleted: pages that are open break, and there is no way back.',
    advice: 'Keep `prune: false`.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'RetainOnDelete',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Files that stay when the upload leaves the stack (RetainOnDelete)',
    why: 'Renaming or removing the upload then deletes files that are in use.',
    advice: 'Keep `retainOnDelete: true`.',
  },
];

const PLANS = ['AWS::Backup::BackupPlan', 'AWS::Backup::BackupSelection', 'AWS::DLM::LifecyclePolicy'];

/** Less can be brought back. */
export const backup: Rule = {
  name: 'backup',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Backups, versions, logs, restore windows or the releases to go back to are kept for a shorter time or no longer.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) => [...plans(change), ...expiry(change)]),
    ];
  },
};

function plans(change: ResourceChange): Observation[] {
  if (change.kind !== 'removed' || !PLANS.includes(change.resourceType)) return [];
  return [
    observe(change, {
      severity: 'danger',
      message: 'The backup plan is removed: from then on nothing new is backed up by it.',
      advice: 'Keep it as long as what it backs up is there.',
    }),
  ];
}

/** Objects that stayed for ever and no longer do. */
function expiry(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::S3::Bucket' || !before || !after) return [];
  const rules = (properties: unknown) =>
    [...items(value(properties, 'LifecycleConfiguration.Rules')).values()].filter(
      (rule) => value(rule, 'Status') !== 'Disabled' && value(rule, 'ExpirationInDays') !== undefined,
    );
  const now = rules(after.Properties);
  if (rules(before.Properties).length > 0 || now.length === 0) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.LifecycleConfiguration',
      message: `Objects are deleted after ${now.map((rule) => show(value(rule, 'ExpirationInDays'))).join(' or ')} days; before, they stayed. What is that old goes within a day of the deployment.`,
      advice: 'Narrow the rule to a prefix that nobody misses, and let versions expire rather than objects.',
    }),
  ];
}
