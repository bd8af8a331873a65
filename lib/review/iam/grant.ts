import type { Subject } from '../rules/rule';
import { type Condition, isImplied, matches } from './conditions';

/** The smallest part of a policy: one action on one resource by one principal. */
export interface Grant {
  /**
   * Kind of the policy. An *identity* policy gives its holder permissions, a *trust* policy controls who may assume a
   * role, and a *resource* policy controls access to a resource.
   */
  readonly kind: 'identity' | 'trust' | 'resource';
  /** The role or resource that has the policy, with the same name before and after a change. */
  readonly holder: string;
  readonly effect: 'Allow' | 'Deny';
  /** Action such as `s3:GetObject`; `all but …` for `NotAction`. */
  readonly action: string;
  readonly resource: string;
  /** Principal such as `AWS *` or `Service ecs.amazonaws.com`; empty in an identity policy. */
  readonly principal: string;
  readonly conditions: readonly Condition[];
  /** The template resource that defines the grant. */
  readonly source: Subject;
}

/** Returns true if a grant covers everything that another one allows or denies. */
export function covers(broad: Grant, narrow: Grant, but?: 'conditions' | 'principal' | 'resource'): boolean {
  return (
    broad.effect === narrow.effect &&
    matches(broad.action.toLowerCase(), narrow.action.toLowerCase()) &&
    (but === 'resource' || matches(broad.resource, narrow.resource)) &&
    (but === 'principal' || broad.principal === 'AWS *' || matches(broad.principal, narrow.principal)) &&
    (but === 'conditions' || broad.conditions.every((condition) => isImplied(condition, narrow.conditions)))
  );
}
