import type { Change } from './change';
import { compare } from './compare';
import { type Finding, SEVERITIES, type Severity, type Verdict } from './finding';
import type { Plan } from './plan';
import { RULES } from './rules';

/** What a plan does that another did not, judged. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The most severe first. */
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
}

/** Compares two plans and judges the difference. */
export function judge(base: Plan, head: Plan): Judgement {
  const comparison = compare(base, head);
  const findings = RULES.flatMap((rule) =>
    rule.judge(comparison).map((observation): Finding => ({ rule: rule.name, ...observation })),
  ).sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const changes = comparison.resources.map(({ before: _before, after: _after, ...change }) => change);
  return { verdict: verdictOf(findings), findings, changes };
}

/** Notes alone are clean. */
export function verdictOf(findings: readonly { readonly severity: Severity }[]): Verdict {
  const severities = findings.map(({ severity }) => severity);
  if (severities.includes('danger')) return 'danger';
  return severities.includes('caution') ? 'caution' : 'clean';
}
