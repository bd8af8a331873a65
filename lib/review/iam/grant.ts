import type { Subject } from '../rules/rule';

/** One condition of a policy statement. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

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

/** Returns true if conditions that hold make this one hold. */
function isImplied({ operator, key, values }: Condition, conditions: readonly Condition[]): boolean {
  return conditions.some(
    (other) =>
      other.operator === operator &&
      other.key.toLowerCase() === key.toLowerCase() &&
      (/Not|ForAllValues|Null/.test(operator)
        ? values.every((value) => other.values.includes(value))
        : other.values.every((value) => values.some((pattern) => valueMatches(operator, pattern, value)))),
  );
}

function valueMatches(operator: string, pattern: string, value: string): boolean {
  return /Like|Arn/.test(operator) ? matches(pattern, value) : pattern === value;
}

const patterns = new Map<string, RegExp>();

/** Returns true if a pattern of IAM's, with `*` and `?`, takes a text that may itself be one. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text || pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return false;
  let expression = patterns.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    patterns.set(pattern, expression);
  }
  return expression.test(text);
}
