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
      why: 'One wrong policy or object ACL then makes the contents of the bucket public.',
      fix: 'Keep all four blocks on (`BlockPublicAccess.BLOCK_ALL`). Serve public files through CloudFront.',
    }),
  ),
  {
    types: ['AWS::S3::Bucket'],
    property: 'AccessControl',
    worse: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    bad: (now) => /^Public|^AuthenticatedRead$/.test(String(now)),
    severity: 'danger',
    what: 'ACL of the bucket',
    why: 'Everybody can read its objects.',
    fix: 'Keep the bucket private. Serve public files through CloudFront.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
  },
  {
    types: ['AWS::S3::Bucket'],
    property: 'OwnershipControls.Rules[0].ObjectOwnership',
    absent: 'BucketOwnerEnforced',
    worse: (now) => now !== 'BucketOwnerEnforced',
    severity: 'caution',
    what: 'Object ownership',
    why: 'ACLs then control access to each object again.',
    fix: 'Keep BucketOwnerEnforced.',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  },
  {
    types: ['AWS::EC2::SnapshotBlockPublicAccess'],
    property: 'State',
    worse: (now, before) => before === 'block-all-sharing' || now === 'unblocked',
    severity: 'danger',
    what: 'Public sharing of snapshots',
    why: 'One wrong command then makes a snapshot and all of its data public.',
    fix: 'Keep block-all-sharing.',
    link: 'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
  },
  {
    types: ['AWS::EC2::VPCBlockPublicAccessOptions'],
    property: 'InternetGatewayBlockMode',
    worse: (now) => now === 'off' || now === 'block-ingress',
    severity: 'danger',
    what: 'Block of internet access for all VPCs',
    why: 'Everything that the routes and security groups allow then reaches the internet, or is reachable from it.',
    fix: 'Keep the block, and exclude the one VPC that needs the internet.',
    link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html',
  },
];

/** Finds buckets, snapshots and networks whose protection against public access is turned off. */
export const publicAccessBlock: Rule = {
  name: 'public-access-block',
  severities: ['danger', 'caution'],
  summary:
    'The public access block of a bucket, of snapshots or of VPCs is turned off, an ACL becomes public, or ACLs are allowed again.',
  link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  settings: SETTINGS,
};
