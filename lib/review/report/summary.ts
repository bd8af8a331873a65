import type { Change } from '../change';
import {
  type AcceptedFinding,
  type ReviewFinding,
  SEVERITIES,
  type Severity,
  type Verdict,
} from '../finding';
import { PRICES_AS_OF, PRICES_REGION } from '../prices';
import type { Review } from '../review';

/** The figures of a review. They are part of the JSON report, which docs/review.md documents. */
export interface Summary {
  readonly environment?: string;
  /** The label of the base. */
  readonly base: string;
  readonly head: string;
  /** Number of findings by severity. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Number of resources by kind of change. */
  readonly changes: Readonly<Record<Change['kind'], number>>;
  /** Number of changed resources that no rule covers completely. */
  readonly unjudged: number;
  readonly stacks: readonly {
    readonly name: string;
    readonly region?: string;
    readonly state: 'added' | 'removed' | 'changed' | 'same';
    readonly resources: number;
    readonly changes: number;
  }[];
  readonly migrations: {
    readonly known: boolean;
    readonly added: readonly string[];
    readonly altered: readonly string[];
  };
  /** US dollars a month, without traffic. */
  readonly cost: {
    readonly before: number;
    readonly after: number;
    /** Date of the prices. */
    readonly asOf: string;
    readonly region: string;
    /** Resources whose price is unknown. */
    readonly unpriced: readonly string[];
  };
}

/** The JSON report: a stable format, documented in docs/review.md. */
export interface JsonReport {
  readonly verdict: Verdict;
  /** The digest of the reviewed plan. */
  readonly planDigest: string;
  readonly findings: readonly ReviewFinding[];
  /** Findings that a person accepted. They do not count for the verdict. */
  readonly accepted: readonly AcceptedFinding[];
  readonly summary: Summary;
}

const KINDS: readonly Change['kind'][] = [
  'added',
  'removed',
  'replaced',
  'may-replace',
  'renamed',
  'changed',
];

export function summarize(review: Review): Summary {
  const { environment, base, head, findings, changes, stacks, migrations, cost } = review;
  return {
    ...(environment !== undefined && { environment }),
    base: base.label,
    head: head.label,
    counts: tally(SEVERITIES, findings, ({ severity }) => severity),
    changes: tally(KINDS, changes, ({ kind }) => kind),
    unjudged: review.unjudged.length,
    stacks: stacks.map((stack) => ({ ...stack, changes: stack.changes.length })),
    migrations: { ...migrations, added: migrations.added.map(({ file }) => file) },
    cost: {
      before: cost.before.total,
      after: cost.after.total,
      asOf: PRICES_AS_OF,
      region: PRICES_REGION,
      unpriced: cost.after.unpriced,
    },
  };
}

function tally<K extends string, T>(
  keys: readonly K[],
  items: readonly T[],
  keyOf: (item: T) => K,
): Record<K, number> {
  return Object.fromEntries(
    keys.map((key) => [key, items.filter((item) => keyOf(item) === key).length]),
  ) as Record<K, number>;
}

export function jsonReport(review: Review): string {
  const report: JsonReport = {
    verdict: review.verdict,
    planDigest: review.head.plan.planDigest,
    findings: review.findings.map(publishedFields),
    accepted: review.accepted.map((finding) => ({ ...publishedFields(finding), accepted: finding.accepted })),
    summary: summarize(review),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Copies only the documented fields of a finding. */
function publishedFields({ rule, severity, place, what, why, fix, link }: ReviewFinding): ReviewFinding {
  const { stack, logicalId, resourceType, path } = place;
  return { rule, severity, place: { stack, logicalId, resourceType, path }, what, why, fix, link };
}
