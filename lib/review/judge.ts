import type { Change } from './change';
import type { Finding, Verdict } from './finding';
import type { Plan } from './plan';

/** What a plan does that another did not, judged. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The most severe first. */
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
}

/** Compares two plans and judges the difference. */
export function judge(_base: Plan, _head: Plan): Judgement {
  return { verdict: 'clean', findings: [], changes: [] };
}
