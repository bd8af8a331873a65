import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting } from './rule';
import { changed, gone, isSomething, less, number, turnedOff } from './setting';

const holds = (change: ResourceChange): boolean => holderOf(change.after)?.primary === true;
const destroys = (mode: unknown): boolean => /^(delete|destroy|remove|purge)/i.test(String(mode));
const bySize = (change: ResourceChange, now: unknown): Severity =>
  holds(change) && number(now) === 0 ? 'danger' : 'caution';

/** Settings for backups, versions and replicas in every service, matched by property name. */
export const backupGeneral: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(ObjectLock\w*|\w*LockConfiguration|DefaultRetention|VaultLock\w*|LockDelay\w*|LegalHold\w*|Worm\w*|SnaplockConfiguration)(\.|$)/,
    worse: (now, before) =>
      gone(now, before) || less(now, before) || (before === 'COMPLIANCE' && now !== 'COMPLIANCE'),
    severity: 'danger',
    why: 'Objects that were protected can be deleted or overwritten from now on.',
    fix: 'Keep the object lock or retention lock.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
  },
  {
    property:
      /(^|\.)\w*PointInTimeRecovery\w*(\.|$)|(^|\.)ContinuousBackups?\w*$|(^|\.)EnableContinuousBackup$/,
    worse: (now, before) => turnedOff(now, before) || less(now, before),
    severity: (change, now) =>
      number(now) ? 'caution' : holds(change) || !number(now) ? 'danger' : 'caution',
    why: 'AWS deletes the restore points immediately. Mistakes can no longer be undone.',
    fix: 'Keep point-in-time recovery on.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html',
  },
  {
    property:
      /(^|\.)\w*(Backup|Snapshot)\w*(Retention|Window|Limit|Period|Days|StartTime|Frequency)\w*$|(^|\.)(Automatic|Automated|Scheduled)\w*(Backup|Snapshot)\w*$/,
    worse: (now, before) => less(now, before) || gone(now, before) || turnedOff(now, before),
    severity: bySize,
    why: 'AWS keeps restore points for a shorter time, or creates none. A mistake that is noticed late cannot be undone.',
    fix: 'Keep as many restore points as before.',
  },
  {
    property:
      /(^|\.)(BackupPolicy\.Status|BackupRetention|SnapshotsEnabled|\w*BackupEnabled|IsLocalBackupEnabled|SnapshotOptions\.\w+|BackupSchedule\w*|LifecycleSettings)$/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before) || less(now, before),
    severity: (change) => (holds(change) ? 'danger' : 'caution'),
    why: 'Data that is deleted or overwritten by mistake cannot be restored.',
    fix: 'Keep the backups on.',
  },
  {
    property:
      /(^|\.)\w*(Retention\w*(Days|Hours|Minutes|Limit|Period|Count|Value)?|RetainDays|MaximumEventAgeInSeconds|DataRetentionInHours|ExpireAfterDays|DeleteAfterDays|KeepDays|ExpirationInDays|RecoveryWindowInDays|ColdStorageAfter|NumberOfSnapshots)$/,
    // Schedules of backups count their retention in days, copies or other units; any smaller number keeps less.
    worse: (now, before) => less(now, before) || (gone(now, before) && number(before) !== undefined),
    severity: bySize,
    why: 'AWS permanently deletes data older than the new limit.',
    fix: 'Keep the former retention.',
  },
  {
    property: /(^|\.)(\w*Versioning\w*|ObjectVersioning)(\.\w+)*$/,
    worse: (now, before) => turnedOff(now, before),
    severity: 'caution',
    why: 'Objects that are overwritten or deleted cannot be restored.',
    fix: 'Keep versioning on, and let old versions expire.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
  },
  {
    property:
      /(^|\.)(\w*Replication(Configuration|Group|Destination|Regions?|Specification|Config)?|Replicas|ReplicaRegions|GlobalTable\w*|GlobalClusterIdentifier|GlobalReplicationGroupId|BackupCopies|CopyActions|CrossRegionCopy\w*)(\.|$)/,
    worse: (now, before) => gone(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'The copy in another region or account is no longer updated, or is deleted.',
    fix: 'Keep the copy while the disaster recovery plan needs it.',
  },
  {
    property:
      /(^|\.)(Redrive(Policy|AllowPolicy)|DeadLetter\w*|\w*Dlq\w*|OnFailure|DestinationConfig|FailureDestination)(\.|$)/,
    worse: (now, before) => gone(now, before) || less(now, before),
    severity: 'caution',
    why: 'Messages that fail repeatedly are lost instead of kept in a dead-letter queue.',
    fix: 'Keep the dead-letter queue and its alarm.',
    link: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  },
  {
    property:
      /(^|\.)(TimeToLive\w*|TTL\w*|Ttl\w*Specification|DefaultTimeToLive|LifecyclePolicy\w*|LifecyclePolicies|ExpirationDate|LifecycleRules?)(\.|$)/,
    types: /^AWS::(?!EFS::|Route53::)/,
    worse: (now, before) =>
      (isSomething(now) || isSomething(before)) && (!less(before, now) || number(before) === 0),
    severity: 'caution',
    why: 'The service expires other items than before, or keeps items that it used to delete.',
    fix: 'Describe in the change which items expire, and when. Test the rule with a copy of the data.',
  },
  {
    property: /(^|\.)\w*(Delete|Deletion|Removal|Remove)(Behavior|Policy|Mode|Option|Action)$/,
    types: /^AWS::(?!ECR::)/,
    worse: (now, before) => destroys(now) && !destroys(before),
    severity: 'caution',
    why: 'Data or resources that were kept after their removal from the configuration are now deleted.',
    fix: 'Keep the former policy, and delete unused data by hand.',
  },
  {
    property: /^BackupPlan\..*ScheduleExpression$/,
    worse: changed,
    severity: 'caution',
    why: 'Backups run at other times, perhaps less often. A failure can lose all data written since the last backup.',
    fix: 'Create backups at least as often as before.',
  },
  {
    property:
      /(^|\.)MaximumRetryAttempts$|(^|\.)MaxReceiveCount$|(^|\.)maxReceiveCount$|(^|\.)BisectBatchOnFunctionError$/,
    worse: (now, before) => less(now, before) || turnedOff(now, before),
    severity: 'caution',
    why: 'A failed message is retried less often before the service gives up.',
    fix: 'Keep the former number of attempts, and a dead-letter queue.',
  },
];
