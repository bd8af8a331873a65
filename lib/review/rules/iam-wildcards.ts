import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** A role may do anything, or something to every resource. */
export const iamWildcards: Rule = {
  name: 'iam-wildcards',
  severities: ['danger', 'caution'],
  summary: 'A role gets a wildcard for its actions or resources, or may change permissions.',
  link: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  judge(comparison) {
    const found = grantChanges(comparison).allowed.flatMap((allowed) => {
      const { grant, conditional } = allowed;
      if (grant.kind !== 'identity' || isPassRole(allowed) || conditional) return [];
      const severity = escalates(grant) ? 'danger' : wildcard(grant);
      return severity ? [{ grant, severity }] : [];
    });
    return grouped(found, (severity) => ({
      what: (described, grants) => `${holderName(grants[0]!)} may newly: ${described}.`,
      why: (grants) =>
        grants.some(escalates)
          ? 'A principal that can change permissions can give itself all of them.'
          : severity === 'danger'
            ? 'Whoever takes over the program that runs with it reaches far more than the program needs.'
            : 'That is more than one resource, among them some that nobody thought of.',
      fix: 'Name the actions that the program calls, and the resources it calls them on (`table.grantReadData(role)` and the like). Where AWS knows no narrower resource, add a condition.',
    }));
  },
};
