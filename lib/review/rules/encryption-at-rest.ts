import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Rule, Setting } from './rule';
import { changed, gone, isOn, less, more, turnedOff, turnedOn, value } from './setting';

const WHY_OFF = 'Anybody who obtains disks, backups or snapshots can read them.';
const FIX_OFF = 'Keep encryption on. Most services cannot turn it on again without a new resource.';

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
    what: 'KMS key of the table',
    why: 'An AWS key or another key replaces it, and other people may control its use.',
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
    fix: 'Keep encryption on.',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'BucketEncryption',
    worse: gone,
    severity: 'caution',
    what: 'Encryption of the bucket',
    why: 'Only the default encryption of S3 remains. You do not control the use of its key.',
    fix: 'Keep the setting.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html',
  },
  {
    types: ['AWS::S3::Bucket'],
    property:
      'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID',
    worse: (now, before) => gone(now, before) || changed(now, before),
    severity: 'caution',
    what: 'KMS key of the bucket',
    why: 'New objects are encrypted under another key, and other people may control its use.',
    fix: 'Keep the customer-managed key.',
  },
  {
    types: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
    property: 'Enabled',
    absent: true,
    worse: turnedOff,
    severity: 'danger',
    what: 'Key enabled',
    why: 'Data encrypted under this key becomes unreadable: databases stop, and secrets cannot be read.',
    fix: 'Keep the key enabled while any data is encrypted under it.',
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
  },
  {
    types: ['AWS::KMS::Key'],
    property: 'EnableKeyRotation',
    worse: turnedOff,
    bad: (now) => String(now) === 'false',
    severity: 'caution',
    what: 'Key rotation',
    why: 'Without rotation, one leaked key exposes all data that is encrypted from now on.',
    fix: 'Keep rotation on; users of the key notice nothing.',
    link: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(RotationPeriodInDays|AutomaticallyAfterDays|RotationRules\.\w+)$/,
    worse: (now, before) => more(now, before) || gone(now, before),
    severity: 'caution',
    why: 'A leaked key or password stays valid longer.',
    fix: 'Rotate at least as often as before.',
  },
  {
    property: /(^|\.)(\w*(Kms|KMS)\w*|\w*(Encryption|Sse|SSE)\w*Key\w*|CustomerManagedKey\w*)$/,
    worse: (now, before) => gone(now, before) || changed(now, before),
    severity: 'caution',
    why: 'An AWS key or another key replaces it, and other people may control its use. Old data may stay under the former key.',
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

/** Encryption modes, the weakest first: none, then keys of AWS. Other modes are stronger. */
const MODES = [/none|disabled|unencrypted|off|plaintext/i, /aes|sse[_-]?s3|aws[_-]?owned|default|sse$/i];

function isWeakerMode(now: unknown, before: unknown): boolean {
  const rank = (mode: unknown) => MODES.findIndex((pattern) => pattern.test(String(mode))) >>> 0;
  return typeof now === 'string' && typeof before === 'string' && less(rank(now), rank(before));
}

/** Finds stored data with weaker encryption. */
export const encryptionAtRest: Rule = {
  name: 'encryption-at-rest',
  severities: ['danger', 'caution'],
  summary:
    'Encryption of stored data is turned off, loses or changes its key, or the key is no longer rotated or usable, in any service.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/protecting-data-at-rest.html',
  settings: SETTINGS,
  general: GENERAL,
};
