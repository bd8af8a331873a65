import type { Inventory } from './core/inventory';
import type { JudgedCall, PlanResource } from './core/trace';
import { takes } from './iam/evaluate';
import { policiesOf, requestOf } from './iam/judge-call';
import type { Policy } from './iam/policy';
import type { Matcher, Statement } from './iam/statement';

/** One action on one resource that a policy of the plan allows. */
export interface Grant {
  /** The resource that has the policy. */
  readonly policy: PlanResource;
  /** Such as `s3:Get*`. */
  readonly action: string;
  readonly resource: string;
}

/** The used share of the plan's grants. */
export interface UsedGrants {
  /** Number of all grants in identity-based policies. */
  readonly grants: number;
  /** Grants that no call used. A rehearsal without faults uses fewer than one with all faults. */
  readonly unused: readonly Grant[];
}

/** Compares the grants of the plan's own policies with the calls of a rehearsal. */
export function usedGrants(inventory: Inventory, calls: readonly JudgedCall[]): UsedGrants {
  const unused = new Map<string, Grant>();
  let grants = 0;
  for (const [role, { identity }] of policiesOf(inventory).roles) {
    const own = calls.filter(({ principal, verdict }) => principal === role && verdict === 'allowed');
    const requests = own.flatMap((call) => requestOf(call) ?? []);
    for (const { statement, grant } of identity.flatMap(grantsOf)) {
      grants++;
      if (requests.some((request) => takes(statement, request) === true)) continue;
      unused.set(JSON.stringify(grant), grant);
    }
  }
  return { grants, unused: [...unused.values()] };
}

/** Returns the grants of a policy, each with its own statement. AWS managed policies are excluded. */
function grantsOf({ source, statements }: Policy): { statement: Statement; grant: Grant }[] {
  if (typeof source === 'string') return [];
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      each(statement.action).flatMap((action) =>
        each(statement.resource ?? { but: false, patterns: ['*'] }).map((resource) => ({
          statement: { ...statement, action, resource },
          grant: { policy: source, action: inWords(action), resource: inWords(resource) },
        })),
      ),
    );
}

/** Returns a matcher for each pattern. An exclusion stays whole. */
const each = (matcher: Matcher): Matcher[] =>
  matcher.but ? [matcher] : matcher.patterns.map((pattern) => ({ but: false, patterns: [pattern] }));

const inWords = ({ but, patterns }: Matcher): string => `${but ? 'all but ' : ''}${patterns.join(', ')}`;
