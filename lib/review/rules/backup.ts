import type { ResourceChange } from '../change';
import { show } from '../show';
import { backupGeneral } from './backup-general';
import { type Observation, observe, type Rule, type Setting } from './rule';
import { items, lessIsWorse, number, turnedOff, turnedOn, value } from './setting';

const shorter = lessIsWorse({
  why: 'Soon after the deployment, AWS permanently deletes data older than the new limit.',
  fix: 'Keep the former retention. To save costs, write less data.',
});

/** Fewest days of restore points that also cover a mistake made before a holiday. */
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
    'Days of restore points of the database',
    {
      absent: 1,
      severity: (now) => (number(now)! < WEEK ? 'danger' : 'caution'),
      why: 'The deployment deletes older restore points. A mistake that is noticed late cannot be undone.',
      link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html',
    },
  ),
  shorter(['AWS::Logs::LogGroup'], 'RetentionInDays', 'Days of log retention', {
    absent: Number.POSITIVE_INFINITY,
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  }),
  shorter(
    ['AWS::KMS::Key'],
    'PendingWindowInDays',
    'Days in which the deletion of the key can be cancelled',
    {
      absent: 30,
      why: 'If the key is deleted by mistake, less time is left to cancel. All data encrypted under the key is then lost.',
      link: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
    },
  ),
  shorter(['AWS::SQS::Queue'], 'MessageRetentionPeriod', 'Message retention in seconds', { absent: 345_600 }),
  shorter(['AWS::Kinesis::Stream'], 'RetentionPeriodHours', 'Record retention in hours', { absent: 24 }),
  shorter(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    'PerformanceInsightsRetentionPeriod',
    'Days of performance data',
    { severity: 'note' },
  ),
  shorter(['Custom::RunningRelease', 'Custom::ReleaseRecord'], 'Keep', 'Releases kept for rollback', {
    why: 'Older releases are removed from the history. `framework53 rollback` can no longer return to them.',
  }),
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'DeleteAutomatedBackups',
    worse: turnedOn,
    severity: 'caution',
    what: 'Deletion of backups together with the database',
    why: 'Deleting the database also deletes its restore points, even if the deletion is a mistake.',
    fix: 'Keep the value false.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'Prune',
    absent: true,
    worse: turnedOn,
    severity: 'danger',
    what: 'Deletion of files that are not in the upload (Prune)',
    why: 'The upload deletes the files of earlier releases. Open pages break, and a rollback finds no files.',
    fix: 'Keep `prune: false`.',
  },
  {
    types: ['Custom::CDKBucketDeployment'],
    property: 'RetainOnDelete',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Files kept after the upload is removed from the stack (RetainOnDelete)',
    why: 'Renaming or removing the upload then deletes files in use.',
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

/** Finds data that AWS keeps for a shorter time, or no longer backs up. */
export const backup: Rule = {
  name: 'backup',
  severities: ['danger', 'caution', 'note'],
  summary:
    'Backups, versions, replicas, dead-letter queues, logs, restore windows or releases kept for rollback are kept for a shorter time, or removed.',
  link: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html',
  coversResources: true,
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
      why: 'No new backups are created.',
      fix: 'Keep the backup plan as long as its data exists.',
    }),
  ];
}

const AGES = [
  'ExpirationInDays',
  'NoncurrentVersionExpiration.NoncurrentDays',
  'NoncurrentVersionExpirationInDays',
];

/** Finds buckets that keep objects or old versions for a shorter time. */
function expiry(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::S3::Bucket' || !before || !after) return [];
  return AGES.flatMap((age): Observation[] => {
    const [was, is] = [before, after].map(({ Properties }) => shortest(Properties, age)) as [number, number];
    if (is >= was) return [];
    const kept = was === Number.POSITIVE_INFINITY ? 'before, they were kept' : `before, after ${was}`;
    return [
      observe(change, {
        severity: 'caution',
        property: 'Properties.LifecycleConfiguration',
        what: `${age === AGES[0] ? 'Objects' : 'Old versions'} are deleted after ${show(is)} days; ${kept}.`,
        why: 'S3 deletes objects of that age within a day of the deployment.',
        fix: 'Limit the rule to a prefix with unneeded data, and expire versions instead of objects.',
        link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
      }),
    ];
  });
}

/** Finds buckets that newly archive objects in a storage class with slow retrieval. */
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
      why: 'Programs get an error when they read an archived object, until somebody restores it. A restore takes minutes to days.',
      fix: 'Use Intelligent-Tiering or Glacier Instant Retrieval for objects that programs read.',
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

/** Returns the shortest expiry of a bucket's enabled rules, in days. Infinite if no rule deletes anything. */
function shortest(properties: unknown, age: string): number {
  const ages = [...items(value(properties, 'LifecycleConfiguration.Rules')).values()]
    .filter((rule) => value(rule, 'Status') !== 'Disabled')
    .flatMap((rule) => number(value(rule, age)) ?? []);
  return Math.min(Number.POSITIVE_INFINITY, ...ages);
}
