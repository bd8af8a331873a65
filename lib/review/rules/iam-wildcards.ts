import { grantChanges } from '../iam/grant-changes';
import { escalates, wildcard } from '../iam/risk';
import { grouped, holderName, isPassRole } from './grants';
import type { Rule } from './rule';

/** Finds new wildcard permissions, and permissions to change permissions. */
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
      what: (described, grants) => `${holderName(grants[0]!)} gets the permission: ${described}.`,
      why: (grants) =>
        grants.some(escalates)
          ? 'A principal that can change permissions can give itself all of them.'
          : severity === 'danger'
            ? 'An attacker who takes over a program with this role reaches far more than the program needs.'
            : 'The wildcard matches more resources than the intended one.',
      fix: 'Name the actions that the program calls, and their resources (`table.grantReadData(role)` and similar). If AWS supports no narrower resource, add a condition.',
    }));
  },
};
