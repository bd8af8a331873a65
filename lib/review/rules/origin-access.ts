import { type Observation, observe, type Rule, type Setting } from './rule';
import { gone } from './setting';

const fix = 'Keep the origin access control, with SigningBehavior: always.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Origins[].OriginAccessControlId',
    worse: gone,
    severity: 'danger',
    what: 'Origin access control',
    why: 'CloudFront no longer signs its requests. The private bucket then refuses them all, or must be made public.',
    fix,
  },
  {
    types: ['AWS::CloudFront::OriginAccessControl'],
    property: 'OriginAccessControlConfig.SigningBehavior',
    worse: (now, before) => before === 'always' && now !== 'always',
    bad: (now) => now === 'never',
    severity: 'danger',
    what: 'Signing of requests to the origin',
    why: 'CloudFront no longer signs every request. The private bucket refuses unsigned requests, or must be made public.',
    fix,
  },
  ...['DefaultCacheBehavior', 'CacheBehaviors[]'].flatMap((behavior) =>
    ['TrustedKeyGroups', 'TrustedSigners'].map(
      (name): Setting => ({
        types: ['AWS::CloudFront::Distribution'],
        property: `DistributionConfig.${behavior}.${name}`,
        worse: gone,
        severity: 'danger',
        what: 'Signed addresses',
        why: 'Everybody can fetch files that only signed URLs gave access to.',
        fix: 'Keep the key groups.',
        link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PrivateContent.html',
      }),
    ),
  ),
];

/** Finds distributions that can no longer read their private bucket, or no longer restrict viewers. */
export const originAccess: Rule = {
  name: 'origin-access',
  severities: ['danger'],
  summary: 'The distribution loses its origin access control, or no longer signs its requests to the bucket.',
  link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
  coversResources: true,
  settings: SETTINGS,
  judge({ resources }) {
    return resources
      .filter(
        ({ kind, resourceType }) =>
          kind === 'removed' && resourceType === 'AWS::CloudFront::OriginAccessControl',
      )
      .map(
        (change): Observation =>
          observe(change, {
            severity: 'danger',
            what: 'The origin access control is removed.',
            why: 'The private bucket refuses unsigned requests, or must be made public.',
            fix,
          }),
      );
  },
};
