import type { ResourceChange } from '../change';
import { show } from '../show';
import { backupGeneral } from './backup-general';
import { type Observation, observe, type Rule, type Setting } from './rule';
import { items, lessIsWorse, number, turnedOff, turnedOn, value } from './setting';

const shorter = lessIsWorse({
  why: 'AWS deletes what is older soon after the deployment, for good.',
  fix: 'Keep it as long as it was. To save, write less rather than keep it for a shorter time.',
});

/** A restore window under a week is none over a holiday. */
const WEEK = 7;

const SETTINGS: readonly Setting[] = [
  shorter(
    [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::DocDB::DBCluster',
      'AWS::Neptune::DBCluster',
      'AWS::DocDBElastic::Cluster',
    ],
    'BackupRetentionPeriod',
    'Days that the database can be restored to',
    {
      absent: 1,
      severity: (now) => (number(now)! < WEEK ? 'danger' : 'caution'),
      why: 'The deployment deletes restore points that are older: a mistake that is noticed later cannot be undone.',
      link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html',
    },
  ),
  shorter(['AWS::Logs::LogGroup'], 'RetentionInDays', 'Days that logs are kept', {
    absent: Number.POSITIVE_INFINITY,
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  }),
  shorter(
    ['AWS::KMS::Key'],
    'PendingWindowInDays',
    'Days in which the deletion of the key can be taken back',
    {
      absent: 30,
      why: 'A key that is deleted by mistake is gone sooner, with everything encrypted under it.',
      link: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
    },
  ),
  shorter(['AWS::SQS::Queue'], 'MessageRetentionPeriod', 'Seconds that messages wait', { absent: 345_600 }),
  shorter(['AWS::Kinesis::Stream'], 'RetentionPeriodHours', 'Hours that records are kept', { absent: 24 }),
  shorter(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    'PerformanceInsightsRetentionPeriod',
    'Days of performance data',
    { severity: 'note' },
  ),
  shorter(
    ['Custom::RunningRelease', 'Custom::ReleaseRecord'],
    'Keep',
    'Releases that can be rolled back to',
    { why: 'Older ones are forgotten: `framework53 rollback` cannot go back to them.' },
  ),
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'DeleteAutomatedBackups',
    worse: turnedOn,
    severity: 'caution',
    what: 'Deletion of backups together with the database',
    why: 'A command that deletes the database, by mistake or not, deletes its restore points as well.',
    fix: 'Keep it false.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'Prune',
    absent: true,
    worse: turnedOn,
    severity: 'danger',
    what: 'Deletion of files that the upload does not have (Prune)',
    why: 'The upload deletes files of earlier releases: pages that are open break, and there is no way back.',
    fix: 'Keep `prune: false`.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'RetainOnDelete',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Files that stay when the upload leaves the stack (RetainOnDelete)',
    why: 'Renaming or removing the upload then deletes files that are in use.',
    fix: 'Keep `retainOnDelete: true`.',
  },
];

const PLANS = [
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupSelection',
  'AWS::DLM::LifecyclePolicy',
  'AWS::Backup::RestoreTestingPlan',
  'AWS::Rbin::Rule',
  'AWS::ECR::ReplicationConfiguration',
  'AWS::Redshift::SnapshotSchedule',
];

/** Less can be brought back. */
export const backup: Rule = {
  name: 'backup',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Backups, versions, copies, dead letters, logs, restore windows or the releases to go back to are kept for a shorter time, or no longer.',
  link: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html',
  speaksOfResources: true,
  settings: SETTINGS,
  general: backupGeneral,
  judges: ({ resourceType }, { path }) =>
    resourceType === 'AWS::S3::Bucket' && path.startsWith('Properties.LifecycleConfiguration'),
  judge({ resources }) {
    return resources.flatMap((change) => [...plans(change), ...expiry(change), ...archived(change)]);
  },
};

function plans(change: ResourceChange): Observation[] {
  if (change.kind !== 'removed' || !PLANS.includes(change.resourceType)) return [];
  return [
    observe(change, {
      severity: 'danger',
      what: 'The backup plan is removed.',
      why: 'From then on it backs up nothing new.',
      fix: 'Keep it as long as the data that it backs up is there.',
    }),
  ];
}

const AGES = [
  'ExpirationInDays',
  'NoncurrentVersionExpiration.NoncurrentDays',
  'NoncurrentVersionExpirationInDays',
];

/** Objects or versions that a bucket keeps for a shorter time. */
function expiry(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::S3::Bucket' || !before || !after) return [];
  return AGES.flatMap((age): Observation[] => {
    const [was, is] = [before, after].map(({ Properties }) => shortest(Properties, age)) as [number, number];
    if (is >= was) return [];
    const kept = was === Number.POSITIVE_INFINITY ? 'before, they stayed' : `before, after ${was}`;
    return [
      observe(change, {
        severity: 'caution',
        property: 'Properties.LifecycleConfiguration',
        what: `${age === AGES[0] ? 'Objects' : 'Former versions'} are deleted after ${show(is)} days; ${kept}.`,
        why: 'S3 deletes what is that old within a day of the deployment.',
        fix: 'Narrow the rule to a prefix that nobody misses, and let versions expire rather than objects.',
        link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
      }),
    ];
  });
}

/** Objects that a bucket moves to where they take hours to read. */
function archived(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::S3::Bucket' || !before || !after) return [];
  const [was, is] = [before, after].map(({ Properties }) => archivedAfter(Properties)) as [number, number];
  if (is >= was) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.LifecycleConfiguration',
      what: `Objects are archived after ${show(is)} days${was === Number.POSITIVE_INFINITY ? '' : `; before, after ${was}`}.`,
      why: 'A program that reads one gets an error until somebody restores it, which takes minutes to days.',
      fix: 'Use Intelligent-Tiering or Glacier Instant Retrieval for what programs read.',
      link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html',
    }),
  ];
}

function archivedAfter(properties: unknown): number {
  const rules = [...items(value(properties, 'LifecycleConfiguration.Rules')).values()];
  const days = rules
    .filter((rule) => value(rule, 'Status') !== 'Disabled')
    .flatMap((rule) => [value(rule, 'Transition'), ...items(value(rule, 'Transitions')).values()])
    .filter((one) => /^(GLACIER|DEEP_ARCHIVE)$/.test(String(value(one, 'StorageClass'))))
    .flatMap((one) => number(value(one, 'TransitionInDays')) ?? 0);
  return Math.min(Number.POSITIVE_INFINITY, ...days);
}

/** The shortest of the times after which a bucket deletes something; infinite when it keeps everything. */
function shortest(properties: unknown, age: string): number {
  const ages = [...items(value(properties, 'LifecycleConfiguration.Rules')).values()]
    .filter((rule) => value(rule, 'Status') !== 'Disabled')
    .flatMap((rule) => number(value(rule, age)) ?? []);
  return Math.min(Number.POSITIVE_INFINITY, ...ages);
}
