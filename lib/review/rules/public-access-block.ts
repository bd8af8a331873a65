import type { Rule } from './rule';
import { judgeSettings, type Setting, turnedOff } from './setting';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

const SETTINGS: readonly Setting[] = [
  ...BLOCKS.map(
    (name): Setting => ({
      types: ['AWS::S3::Bucket', 'AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPoint'],
      property: `PublicAccessBlockConfiguration.${name}`,
      worse: turnedOff,
      bad: (now) => String(now) === 'false',
      severity: 'danger',
      what: `Public access block (${name})`,
      why: 'One wrong policy or object ACL then shows the bucket’s content to everybody.',
      advice:
        'Keep all four blocks on (`BlockPublicAccess.BLOCK_ALL`); what is public is served by CloudFront.',
    }),
  ),
  {
    types: ['AWS::S3::Bucket'],
    property: 'AccessControl',
    worse: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    bad: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    severity: 'danger',
    what: 'The bucket’s ACL',
    why: 'Everybody can read what is in it.',
    advice: 'Keep it private; what is public is served by CloudFront.',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'OwnershipControls.Rules[0].ObjectOwnership',
    absent: 'BucketOwnerEnforced',
    worse: (now) => now !== 'BucketOwnerEnforced',
    severity: 'caution',
    what: 'Object ownership',
    why: 'ACLs then decide again who may read an object, one by one.',
    advice: 'Keep BucketOwnerEnforced.',
  },
];

/** A bucket may come to be public. */
export const publicAccessBlock: Rule = {
  name: 'public-access-block',
  severities: ['danger', 'caution'],
  summary: 'A bucket’s public access block is turned off, its ACL made public, or ACLs allowed again.',
  judge: (comparison) => judgeSettings(comparison, SETTINGS),
};
