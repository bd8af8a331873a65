import { holds } from './conditions';
import { type Request, takes } from './evaluate';
import type { Policy } from './policy';
import type { Condition } from './statement';

/** A condition that alone keeps a statement from allowing a request. */
export interface NearMiss {
  readonly policy: Policy;
  readonly condition: Condition;
  /** Values that the request has for the condition's key. */
  readonly actual: readonly string[];
}

/** The first condition that fails in a statement that would allow a request otherwise; nothing if there is none. */
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
