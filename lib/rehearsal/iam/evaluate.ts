import { allOf, anyOf, holds, isUnknown, type Truth } from './conditions';
import type { Policy } from './policy';
import { substitute } from './policy-variables';
import { type Named, named, type Principal } from './principal';
import type { RequestContext } from './request-context';
import type { Matcher, Statement } from './statement';
import { arnMatches, matches } from './wildcards';

/** One action on one resource, by one principal. */
export interface Request {
  readonly principal: Principal;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*` for an action without resources. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** Kinds of policies, with the names in AWS's error messages. */
export type PolicyKind =
  | 'identity-based policy'
  | 'permissions boundary'
  | 'session policy'
  | 'resource-based policy'
  | 'VPC endpoint policy';

/** The policies that decide about a request. */
export interface Policies {
  /** Identity-based policies of the role; none for a service. */
  readonly identity: readonly Policy[];
  /** @default - the role has no permissions boundary */
  readonly boundary?: readonly Policy[];
  /** @default - the session has no policy */
  readonly session?: readonly Policy[];
  /**
   * Policies of the VPC endpoint that the request goes through.
   * @default - the request goes through no endpoint with a policy
   */
  readonly endpoint?: readonly Policy[];
  /** Policies of the resource. For a role, its trust policy. */
  readonly resource: readonly Policy[];
  /** True for a resource whose own policy must allow every access: a role or a KMS key. */
  readonly mustBeOpened?: boolean;
}

export type Decision =
  | { readonly verdict: 'allowed' }
  | { readonly verdict: 'denied'; readonly kind: PolicyKind; readonly by?: Policy }
  | { readonly verdict: 'not judged'; readonly reason: string };

/**
 * Decides about a request within one account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { identity, boundary, session, endpoint, resource, mustBeOpened } = policies;
  const byKind: readonly (readonly [PolicyKind, readonly Policy[] | undefined])[] = [
    ['identity-based policy', identity],
    ['permissions boundary', boundary],
    ['session policy', session],
    ['VPC endpoint policy', endpoint],
    ['resource-based policy', resource],
  ];
  const denials: Truth[] = [];
  for (const [kind, some = []] of byKind)
    for (const policy of some) {
      const truth = says('Deny', policy, request);
      if (truth === true) return { verdict: 'denied', kind, by: policy };
      denials.push(truth);
    }
  const opened = openedBy(resource, request);
  const given = gives(identity, request);
  const bounded = boundary ? gives(boundary, request) : true;
  const narrowed = session ? gives(session, request) : true;
  const isService = 'service' in request.principal;
  const admitted = mustBeOpened ? anyOf([opened.session, opened.principal, opened.account]) : true;
  const permitted = anyOf([
    opened.session,
    isService ? opened.principal : allOf([opened.principal, bounded, narrowed]),
    isService ? false : allOf([given, bounded, narrowed, admitted]),
  ]);
  const allowed = allOf([permitted, endpoint ? gives(endpoint, request) : true]);
  if (allowed !== false) {
    const unknown = [...denials, allowed].find(isUnknown);
    return unknown ? { verdict: 'not judged', reason: unknown.unknown } : { verdict: 'allowed' };
  }
  return { verdict: 'denied', kind: lacking() };

  function lacking(): PolicyKind {
    if (permitted !== false) return 'VPC endpoint policy';
    if (isService || admitted === false) return 'resource-based policy';
    if (given === false) return 'identity-based policy';
    return bounded === false ? 'permissions boundary' : 'session policy';
  }
}

/** Returns true if a policy has a statement with this effect that matches a request. */
function says(effect: Statement['effect'], policy: Policy, request: Request): Truth {
  if (policy.unknown) return { unknown: policy.unknown };
  return anyOf(policy.statements.filter((one) => one.effect === effect).map((one) => takes(one, request)));
}

const gives = (policies: readonly Policy[], request: Request): Truth =>
  anyOf(policies.map((policy) => says('Allow', policy, request)));

/** Returns how the policies of a resource allow a request. */
function openedBy(policies: readonly Policy[], request: Request): Readonly<Record<Named, Truth>> {
  const ways: Record<Named, Truth[]> = { session: [], principal: [], account: [] };
  for (const { statements, unknown } of policies) {
    if (unknown) ways.principal.push({ unknown });
    for (const statement of statements) {
      if (statement.effect === 'Deny' || !statement.principal) continue;
      const way = named(statement.principal, request.principal);
      if (typeof way === 'string') ways[way].push(takes(statement, request));
      else ways.principal.push(allOf([way, takes(statement, request)]));
    }
  }
  const { session, principal, account } = ways;
  return { session: anyOf(session), principal: anyOf(principal), account: anyOf(account) };
}

/** Returns true if a statement matches a request. */
export function takes(statement: Statement, request: Request): Truth {
  const { action, resource, principal, unknown } = statement;
  const is: Truth = principal ? asTruth(named(principal, request.principal)) : true;
  return allOf([
    unknown ? { unknown } : true,
    takesAction(action, request.action),
    resource ? takesResource(resource, statement, request) : true,
    is,
    holds(statement, request.context),
  ]);
}

const asTruth = (way: Named | Truth): Truth => (typeof way === 'string' ? true : way);

function takesAction({ but, patterns }: Matcher, action: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) !== but;
}

function takesResource({ but, patterns }: Matcher, { hasVariables }: Statement, request: Request): Truth {
  const found = anyOf(
    patterns.map((pattern) => {
      const wanted = hasVariables ? substitute(pattern, request.context) : { text: pattern };
      if (wanted === 'unknown') return { unknown: `the variable in ${pattern}` };
      return wanted === 'absent' ? false : arnMatches(wanted.text, request.resource);
    }),
  );
  if (isUnknown(found)) return found;
  return found !== but;
}
