import type { Truth } from './conditions';
import type { Principals } from './statement';

/** The principal of a request: an AWS service, or a session of a role. */
export type Principal =
  | { readonly service: string }
  | {
      /** ARN of the role. */
      readonly role: string;
      /** Id of the role's account. */
      readonly account: string;
      /** Name of the session. */
      readonly session: string;
    };

/** Returns the ARN of a role session, as in CloudTrail and error messages. */
export function sessionArn({ role, session, account }: Extract<Principal, { role: string }>): string {
  return `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/${session}`;
}

/** How a statement names a principal: directly, or by its account. */
export type Named = 'session' | 'principal' | 'account';

/**
 * Returns how the `Principal` or `NotPrincipal` of a statement matches a principal.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function named(principals: Principals, principal: Principal): Named | Truth {
  const found = matchesOf(principals.listed, principal);
  if (!principals.but) return found.find((way) => way === 'session') ?? found[0] ?? false;
  if (found.length === 0) return 'service' in principal ? 'principal' : 'account';
  // AWS compares the session, the role and the account with the list.
  const whole = 'service' in principal || ['session', 'account'].every((way) => found.includes(way as Named));
  return whole ? false : { unknown: 'NotPrincipal, which lists only a part of the principal' };
}

function matchesOf(listed: Principals['listed'], principal: Principal): Named[] {
  const { AWS = [], Service = [] } = listed;
  const anybody: Named[] = AWS.includes('*') ? ['principal'] : [];
  if ('service' in principal) return Service.includes(principal.service) ? ['principal'] : anybody;
  const { role, account } = principal;
  const ways: Named[] = [];
  if (AWS.includes(sessionArn(principal))) ways.push('session');
  if (AWS.includes(role)) ways.push('principal');
  ways.push(...anybody);
  if (AWS.some((one) => one === account || one === `arn:aws:iam::${account}:root`)) ways.push('account');
  return ways;
}
