import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A role may do anything, or something anywhere. */
export const iamWildcards: Rule = {
  name: 'iam-wildcards',
  severities: ['danger', 'caution'],
  summary: 'A role gets a wildcard for its actions or resources, or may change permissions.',
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional } = allowed;
      if (grant.kind !== 'identity' || isPassRole(allowed) || conditional) return [];
      const severity = escalates(grant) ? 'danger' : wildcard(grant);
      return severity ? [{ grant, severity }] : [];
    });
    return grouped(found, (severity) => ({
      message: (what, grants) =>
        `${holderName(grants[0]!)} may newly: ${what}. ${
          grants.some(escalates)
            ? 'Who can change permissions can give itself all of them.'
            : severity === 'danger'
              ? 'Whoever takes over what runs with it reaches far more than it needs.'
              : 'That is more than one resource, among them some nobody thought of.'
        }`,
      advice:
        'Name the actions it calls and the resources it calls them on (`table.grantReadData(role)` and the like); where AWS knows no narrower resource, add a condition.',
    }));
  },
};
