import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting } from './rule';
import { changed, gone, isSomething, less, number, turnedOff } from './setting';

const holds = (change: ResourceChange): boolean => holderOf(change.after)?.primary === true;
const destroys = (mode: unknown): boolean => /^(delete|destroy|remove|purge)/i.test(String(mode));
const bySize = (change: ResourceChange, now: unknown): Severity =>
  holds(change) && number(now) === 0 ? 'danger' : 'caution';

/** Backups, versions and copies of every service, by the names of their properties. */
export const backupGeneral: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(ObjectLock\w*|\w*LockConfiguration|DefaultRetention|VaultLock\w*|LockDelay\w*|LegalHold\w*|Worm\w*|SnaplockConfiguration)(\.|$)/,
    worse: (now, before) =>
      gone(now, before) || less(now, before) || (before === 'COMPLIANCE' && now !== 'COMPLIANCE'),
    severity: 'danger',
    why: 'Objects that nobody could delete or overwrite can be from then on.',
    fix: 'Keep the lock.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
  },
  {
    property:
      /(^|\.)\w*PointInTimeRecovery\w*(\.|$)|(^|\.)ContinuousBackups?\w*$|(^|\.)EnableContinuousBackup$/,
    worse: (now, before) => turnedOff(now, before) || less(now, before),
    severity: (change, now) =>
      number(now) ? 'caution' : holds(change) || !number(now) ? 'danger' : 'caution',
    why: 'AWS deletes the restore points at once: no mistake can be undone.',
    fix: 'Keep it on.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html',
  },
  {
    property:
      /(^|\.)\w*(Backup|Snapshot)\w*(Retention|Window|Limit|Period|Days|StartTime|Frequency)\w*$|(^|\.)(Automatic|Automated|Scheduled)\w*(Backup|Snapshot)\w*$/,
    worse: (now, before) => less(now, before) || gone(now, before) || turnedOff(now, before),
    severity: bySize,
    why: 'AWS keeps restore points for a shorter time, or makes none: a mistake that is noticed later cannot be undone.',
    fix: 'Keep as many restore points as before.',
  },
  {
    property:
      /(^|\.)(BackupPolicy\.Status|BackupRetention|SnapshotsEnabled|\w*BackupEnabled|IsLocalBackupEnabled|SnapshotOptions\.\w+|BackupSchedule\w*|LifecycleSettings)$/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before) || less(now, before),
    severity: (change) => (holds(change) ? 'danger' : 'caution'),
    why: 'Data that is deleted or overwritten by mistake from then on is lost.',
    fix: 'Keep the backups on.',
  },
  {
    property:
      /(^|\.)\w*(Retention\w*(Days|Hours|Minutes|Limit|Period|Count|Value)?|RetainDays|MaximumEventAgeInSeconds|DataRetentionInHours|ExpireAfterDays|DeleteAfterDays|KeepDays|ExpirationInDays|RecoveryWindowInDays|ColdStorageAfter|NumberOfSnapshots)$/,
    // A schedule of backups keeps them in whatever unit it counts.
    worse: (now, before) => less(now, before) || (gone(now, before) && number(before) !== undefined),
    severity: bySize,
    why: 'AWS deletes what is older, for good.',
    fix: 'Keep it as long as it was.',
  },
  {
    property: /(^|\.)(\w*Versioning\w*|ObjectVersioning)(\.\w+)*$/,
    worse: (now, before) => turnedOff(now, before),
    severity: 'caution',
    why: 'Objects that are overwritten or deleted from then on are lost.',
    fix: 'Keep versions; let former versions expire instead.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
  },
  {
    property:
      /(^|\.)(\w*Replication(Configuration|Group|Destination|Regions?|Specification|Config)?|Replicas|ReplicaRegions|GlobalTable\w*|GlobalClusterIdentifier|GlobalReplicationGroupId|BackupCopies|CopyActions|CrossRegionCopy\w*)(\.|$)/,
    worse: (now, before) => gone(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'The copy in another region or account is no longer made, or is deleted.',
    fix: 'Keep the copy as long as a plan for disasters counts on it.',
  },
  {
    property:
      /(^|\.)(Redrive(Policy|AllowPolicy)|DeadLetter\w*|\w*Dlq\w*|OnFailure|DestinationConfig|FailureDestination)(\.|$)/,
    worse: (now, before) => gone(now, before) || less(now, before),
    severity: 'caution',
    why: 'A message that fails again and again is thrown away instead of kept for people to look at.',
    fix: 'Keep the dead-letter queue, and an alarm on it.',
    link: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  },
  {
    property:
      /(^|\.)(TimeToLive\w*|TTL\w*|Ttl\w*Specification|DefaultTimeToLive|LifecyclePolicy\w*|LifecyclePolicies|ExpirationDate|LifecycleRules?)(\.|$)/,
    types: /^AWS::(?!EFS::|Route53::)/,
    worse: (now, before) =>
      (isSomething(now) || isSomething(before)) && (!less(before, now) || number(before) === 0),
    severity: 'caution',
    why: 'The service deletes other items than before by itself, or keeps what it used to delete.',
    fix: 'Say in the change which items go, and when. Check with a copy of the data.',
  },
  {
    property: /(^|\.)\w*(Delete|Deletion|Removal|Remove)(Behavior|Policy|Mode|Option|Action)$/,
    types: /^AWS::(?!ECR::)/,
    worse: (now, before) => destroys(now) && !destroys(before),
    severity: 'caution',
    why: 'What was kept when it was no longer named is deleted from then on.',
    fix: 'Keep it, and delete by hand what nobody needs.',
  },
  {
    property: /^BackupPlan\..*ScheduleExpression$/,
    worse: changed,
    severity: 'caution',
    why: 'Backups are made at other times, perhaps less often: a mistake loses what was written since the last one.',
    fix: 'Make backups at least as often as before.',
  },
  {
    property:
      /(^|\.)MaximumRetryAttempts$|(^|\.)MaxReceiveCount$|(^|\.)maxReceiveCount$|(^|\.)BisectBatchOnFunctionError$/,
    worse: (now, before) => less(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'A message is given up after fewer attempts.',
    fix: 'Keep the attempts, and a dead-letter queue behind them.',
  },
];
