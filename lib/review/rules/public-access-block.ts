import type { Rule, Setting } from './rule';
import { turnedOff } from './setting';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

const SETTINGS: readonly Setting[] = [
  ...BLOCKS.map(
    (name): Setting => ({
      types: ['AWS::S3::Bucket', 'AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPoint'],
      property: `PublicAccessBlockConfiguration.${name}`,
      worse: (now, before) => turnedOff(now, before) || (before === undefined && String(now) === 'false'),
      bad: (now) => String(now) === 'false',
      severity: 'danger',
      what: `Public access block (${name})`,
      why: 'One wrong policy or object ACL then shows the content of the bucket to everybody.',
      fix: 'Keep all four blocks on (`BlockPublicAccess.BLOCK_ALL`); CloudFront serves what is public.',
    }),
  ),
  {
    types: ['AWS::S3::Bucket'],
    property: 'AccessControl',
    worse: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    bad: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    severity: 'danger',
    what: 'The ACL of the bucket',
    why: 'Everybody can read the objects in it.',
    fix: 'Keep it private; CloudFront serves what is public.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'OwnershipControls.Rules[0].ObjectOwnership',
    absent: 'BucketOwnerEnforced',
    worse: (now) => now !== 'BucketOwnerEnforced',
    severity: 'caution',
    what: 'Object ownership',
    why: 'ACLs then decide again who may read an object, one by one.',
    fix: 'Keep BucketOwnerEnforced.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  },
  {
    types: ['AWS::EC2::SnapshotBlockPublicAccess'],
    property: 'State',
    worse: (now, before) => before === 'block-all-sharing' || now === 'unblocked',
    severity: 'danger',
    what: 'Public sharing of snapshots',
    why: 'One wrong command then shows a snapshot, with everything on it, to everybody.',
    fix: 'Keep block-all-sharing.',
    link: 'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
  },
  {
    types: ['AWS::EC2::VPCBlockPublicAccessOptions'],
    property: 'InternetGatewayBlockMode',
    worse: (now) => now === 'off' || now === 'block-ingress',
    severity: 'danger',
    what: 'Block of internet access for all VPCs',
    why: 'Whatever a route or a security group lets in or out gets through.',
    fix: 'Keep it, and exclude the one VPC that needs the internet.',
    link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html',
  },
];

/** A bucket, snapshot or network may come to be public. */
export const publicAccessBlock: Rule = {
  name: 'public-access-block',
  severities: ['danger', 'caution'],
  summary:
    'The public access block of a bucket, of snapshots or of VPCs is turned off, an ACL made public, or ACLs allowed again.',
  link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  settings: SETTINGS,
};
