import { holds } from './conditions';
import { type Request, takes } from './evaluate';
import type { Policy } from './policy';
import type { Condition } from './statement';

/** The only condition that stops a statement from allowing a request. */
export interface NearMiss {
  readonly policy: Policy;
  readonly condition: Condition;
  /** The request's values for the condition's key. */
  readonly actual: readonly string[];
}

/** Returns the first failed condition of a statement that otherwise allows a request, or undefined if there is none. */
export function nearMiss(request: Request, policies: readonly Policy[]): NearMiss | undefined {
  for (const policy of policies)
    for (const statement of policy.statements) {
      if (statement.effect === 'Deny' || takes({ ...statement, conditions: [] }, request) !== true) continue;
      const condition = statement.conditions.find(
        (one) => holds({ ...statement, conditions: [one] }, request.context) === false,
      );
      if (condition) return { policy, condition, actual: request.context.get(condition.key) ?? [] };
    }
  return undefined;
}
