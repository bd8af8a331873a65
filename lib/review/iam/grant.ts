import type { Subject } from '../rules/rule';
import { type Condition, isImplied, matches } from './conditions';

/** The smallest thing a policy says: one action on one resource by one principal. */
export interface Grant {
  /**
   * The sort of policy that says it: an *identity* policy says what its holder may do, a *trust* policy who may
   * assume a role, a *resource* policy who may do what with a resource.
   */
  readonly kind: 'identity' | 'trust' | 'resource';
  /** The role or resource that has the policy; the same before and after. */
  readonly holder: string;
  readonly effect: 'Allow' | 'Deny';
  /** Such as `s3:GetObject`; `all but …` for `NotAction`. */
  readonly action: string;
  readonly resource: string;
  /** Such as `AWS *` or `Service ecs.amazonaws.com`; empty in what a role may do. */
  readonly principal: string;
  readonly conditions: readonly Condition[];
  /** The resource of the template that says it. */
  readonly source: Subject;
}

/** Returns true if all that one allows (or denies), another does. */
export function covers(broad: Grant, narrow: Grant, but?: 'conditions' | 'principal' | 'resource'): boolean {
  return (
    broad.effect === narrow.effect &&
    matches(broad.action.toLowerCase(), narrow.action.toLowerCase()) &&
    (but === 'resource' || matches(broad.resource, narrow.resource)) &&
    (but === 'principal' || broad.principal === 'AWS *' || matches(broad.principal, narrow.principal)) &&
    (but === 'conditions' || broad.conditions.every((condition) => isImplied(condition, narrow.conditions)))
  );
}
