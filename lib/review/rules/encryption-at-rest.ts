import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Rule, Setting } from './rule';
import { changed, gone, isOn, less, more, turnedOff, turnedOn, value } from './setting';

const WHY_OFF = 'Whoever gets hold of disks, backups or snapshots can then read them.';
const FIX_OFF = 'Keep it on. It cannot be turned on again without making the resource anew.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'],
    property: 'StorageEncrypted',
    worse: turnedOff,
    bad: (now) => !isOn(now),
    severity: 'danger',
    what: 'Encryption at rest',
    why: WHY_OFF,
    fix: FIX_OFF,
    link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
  },
  {
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
    property: 'SSESpecification',
    absent: {},
    worse: (now, before) =>
      turnedOff(value(now, 'SSEEnabled') ?? false, value(before, 'SSEEnabled')) ||
      gone(value(now, 'KMSMasterKeyId'), value(before, 'KMSMasterKeyId')) ||
      changed(value(now, 'KMSMasterKeyId'), value(before, 'KMSMasterKeyId')),
    severity: 'caution',
    what: 'The key that the table is encrypted under',
    why: 'A key of AWS, or another key, takes its place: others may decide who uses it.',
    fix: 'Keep the customer-managed key.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html',
  },
  {
    types: ['AWS::SQS::Queue'],
    property: 'SqsManagedSseEnabled',
    absent: true,
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'caution',
    what: 'Encryption of messages',
    why: WHY_OFF,
    fix: 'Keep it on.',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'BucketEncryption',
    worse: gone,
    severity: 'caution',
    what: 'The encryption of the bucket',
    why: 'Only S3’s default is left, under a key whose use nobody here decides about.',
    fix: 'Keep the setting.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html',
  },
  {
    types: ['AWS::S3::Bucket'],
    property:
      'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID',
    worse: (now, before) => gone(now, before) || changed(now, before),
    severity: 'caution',
    what: 'The key that objects are encrypted under',
    why: 'Objects written from then on are under another key, whose use others may decide about.',
    fix: 'Keep the customer-managed key.',
  },
  {
    types: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
    property: 'Enabled',
    absent: true,
    worse: turnedOff,
    severity: 'danger',
    what: 'The key',
    why: 'Nothing that is encrypted under it can be read: databases stop, and no secret opens.',
    fix: 'Leave it enabled as long as anything is encrypted under it.',
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
  },
  {
    types: ['AWS::KMS::Key'],
    property: 'EnableKeyRotation',
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'caution',
    what: 'Rotation of the key',
    why: 'One leak of the key then opens everything that is encrypted under it from then on.',
    fix: 'Keep it on; rotation costs nothing to those who use the key.',
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(RotationPeriodInDays|AutomaticallyAfterDays|RotationRules\.\w+)$/,
    worse: (now, before) => more(now, before) || gone(now, before),
    severity: 'caution',
    why: 'A key or password that has leaked stays good for longer.',
    fix: 'Rotate at least as often as before.',
  },
  {
    property: /(^|\.)(\w*(Kms|KMS)\w*|\w*(Encryption|Sse|SSE)\w*Key\w*|CustomerManagedKey\w*)$/,
    worse: (now, before) => gone(now, before) || changed(now, before),
    severity: 'caution',
    why: 'A key of AWS, or another key, takes its place: others may decide who uses it, and old data may stay under the former key.',
    fix: 'Keep the customer-managed key.',
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html',
  },
  {
    property: /(^|\.)\w*(EncryptionDisabled|RemoveEncryption\w*)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: WHY_OFF,
    fix: FIX_OFF,
  },
  {
    property: /(^|\.)\w*([Ee]ncrypt\w*|SSE\w*|Sse\w*|ServerSideEncryption\w*)(\.\w+)*$/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before) || isWeakerMode(now, before),
    bad: (now) => String(now) === 'false' || now === 'UNENCRYPTED',
    severity: (change, now) =>
      holderOf(change.after)?.primary && (now === undefined || String(now) === 'false')
        ? 'danger'
        : 'caution',
    why: WHY_OFF,
    fix: FIX_OFF,
  },
];

/** From a key of one's own to one of AWS's, or to none. */
const MODES = [/none|disabled|unencrypted|off|plaintext/i, /aes|sse[_-]?s3|aws[_-]?owned|default|sse$/i];

function isWeakerMode(now: unknown, before: unknown): boolean {
  const rank = (mode: unknown) => MODES.findIndex((pattern) => pattern.test(String(mode))) >>> 0;
  return typeof now === 'string' && typeof before === 'string' && less(rank(now), rank(before));
}

/** Stored data is protected less. */
export const encryptionAtRest: Rule = {
  name: 'encryption-at-rest',
  severities: ['danger', 'caution'],
  summary:
    'Encryption of stored data is turned off, loses or changes its key, or the key is no longer rotated or usable, in any service.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html',
  settings: SETTINGS,
  general: GENERAL,
};
