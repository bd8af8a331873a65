import type { Change, ResourceChange } from './change';
import { compare } from './compare';
import { type ReviewFinding, SEVERITIES, type Severity, type Verdict } from './finding';
import { judgeProperties } from './judge-properties';
import type { Plan } from './plan';
import { RULES } from './rules';
import type { Observation, Rule } from './rules/rule';
import { judgeRest } from './rules/unjudged';

/** The changes between two plans, and the findings about them. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The findings, the most severe first. */
  readonly findings: readonly ReviewFinding[];
  readonly changes: readonly Change[];
  /** The changes that no rule covers completely. */
  readonly unjudged: readonly Change[];
}

/** Compares two plans and judges the differences. */
export function judge(base: Plan, head: Plan): Judgement {
  const comparison = compare(base, head);
  const { observations, open } = judgeProperties(comparison);
  const observed = [
    ...RULES.flatMap((rule) => (rule.judge?.(comparison) ?? []).map((one) => [rule, one] as const)),
    ...observations,
  ];
  const rest = judgeRest(comparison, observed, open);
  const findings = bySeverity([...observed, ...rest.observations].map(finding));
  return {
    verdict: verdictOf(findings),
    findings,
    changes: comparison.resources.map(withoutResources),
    unjudged: rest.unjudged.map(withoutResources),
  };
}

function finding([{ name, link }, observation]: readonly [Rule, Observation]): ReviewFinding {
  const { severity, place, what, why, fix } = observation;
  return { rule: name, severity, place, what, why, fix, link: observation.link ?? link };
}

/** Sorts findings by severity, and then by the order of the rules. */
export function bySeverity(findings: readonly ReviewFinding[]): ReviewFinding[] {
  return [...findings].sort((a, b) => order(a) - order(b));
}

const ORDER = new Map(RULES.map(({ name }, index) => [name, index]));

function order({ severity, rule }: ReviewFinding): number {
  return SEVERITIES.indexOf(severity) * 1000 + (ORDER.get(rule) ?? -1);
}

function withoutResources({ before: _before, after: _after, ...change }: ResourceChange): Change {
  return change;
}

/** Returns the severity of the most severe finding. With notes only, the verdict is `clean`. */
export function verdictOf(findings: readonly { readonly severity: Severity }[]): Verdict {
  const severities = findings.map(({ severity }) => severity);
  if (severities.includes('danger')) return 'danger';
  return severities.includes('caution') ? 'caution' : 'clean';
}
