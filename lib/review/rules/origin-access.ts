import { type Observation, observe, type Rule } from './rule';
import { gone, judgeSettings, type Setting } from './setting';

const advice = 'Keep the origin access control, with SigningBehavior: always.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Origins[].OriginAccessControlId',
    worse: gone,
    severity: 'danger',
    what: 'Origin access control',
    why: 'CloudFront no longer signs its requests: the private bucket refuses every one, or has to be made public.',
    advice,
  },
  {
    types: ['AWS::CloudFront::OriginAccessControl'],
    property: 'OriginAccessControlConfig.SigningBehavior',
    worse: (now, before) => before === 'always' && now !== 'always',
    bad: (now) => now === 'never',
    severity: 'danger',
    what: 'Signing of requests to the origin',
    why: 'CloudFront no longer signs every request: the private bucket refuses them, or has to be made public.',
    advice,
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.DefaultCacheBehavior.TrustedKeyGroups',
    worse: gone,
    severity: 'danger',
    what: 'Signed addresses',
    why: 'Everybody can fetch what only signed addresses opened.',
    advice: 'Keep the key groups.',
  },
];

/** The bucket behind the distribution is closed to it, or open to others. */
export const originAccess: Rule = {
  name: 'origin-access',
  severities: ['danger'],
  summary: 'The distribution loses its origin access control, or no longer signs its requests to the bucket.',
  judge(comparison) {
    const removed = comparison.resources
      .filter(
        ({ kind, resourceType }) =>
          kind === 'removed' && resourceType === 'AWS::CloudFront::OriginAccessControl',
      )
      .map(
        (change): Observation =>
          observe(change, {
            severity: 'danger',
            message:
              'The origin access control is removed: what it signed for is refused by the private bucket, or has to be made public.',
            advice,
          }),
      );
    return [...removed, ...judgeSettings(comparison, SETTINGS)];
  },
};
