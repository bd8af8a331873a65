import { applyConsents, type Consent } from './accept';
import type { Change } from './change';
import { type AcceptedFinding, type ReviewFinding, SEVERITIES, type Severity } from './finding';
import { bySeverity, type Judgement, judge, verdictOf } from './judge';
import { type CostLine, type MonthlyCost, monthlyCost } from './monthly-cost';
import type { PriceName } from './prices';
import type { PlannedMigration, ReadPlan } from './read-plan';

/** One of the two compared plans. */
export interface Side {
  /** The label of the side, such as `main (1a2b3c4)`. */
  readonly label: string;
  readonly plan: ReadPlan;
}

/** The comparison of two plans, with everything that the reports show. */
export interface Review extends Judgement {
  /** Findings that a person accepted. They do not count for the verdict. */
  readonly accepted: readonly AcceptedFinding[];
  /** The environment of the plans, if it is known. */
  readonly environment?: string;
  readonly base: Side;
  readonly head: Side;
  readonly stacks: readonly ReviewedStack[];
  readonly migrations: ReviewedMigrations;
  readonly cost: ReviewedCost;
}

export interface ReviewedStack {
  readonly name: string;
  readonly region?: string;
  readonly state: 'added' | 'removed' | 'changed' | 'same';
  /** Number of resources in the reviewed plan. */
  readonly resources: number;
  /** The changes, the most important first. */
  readonly changes: readonly Change[];
}

export interface ReviewedMigrations {
  /** True if the base shows its migrations. Deployed stacks do not. */
  readonly known: boolean;
  /** The migrations that the release applies. */
  readonly added: readonly PlannedMigration[];
  /** Migrations that were changed or removed since the base. They never run again. */
  readonly altered: readonly string[];
}

export interface ReviewedCost {
  readonly before: MonthlyCost;
  readonly after: MonthlyCost;
  readonly lines: readonly ReviewedCostLine[];
}

export interface ReviewedCostLine {
  readonly name: PriceName;
  readonly what: string;
  /** Undefined if the plan has no such cost. */
  readonly before?: CostLine;
  readonly after?: CostLine;
}

export interface ReviewOptions {
  /** @default - unknown */
  readonly environment?: string | undefined;
  /** Findings from other sources about the same change, such as CloudFormation. @default - none */
  readonly findings?: readonly ReviewFinding[];
  /** The accepted findings. @default - none */
  readonly consents?: readonly Consent[];
}

/** Compares two plans. */
export function review(base: Side, head: Side, options: ReviewOptions = {}): Review {
  const { environment, findings: others = [], consents = [] } = options;
  const judged = judge(base.plan, head.plan);
  const { findings, accepted } = applyConsents(bySeverity([...judged.findings, ...others]), consents);
  const judgement = { ...judged, verdict: verdictOf(findings), findings };
  return {
    ...judgement,
    accepted,
    ...(environment !== undefined && { environment }),
    base,
    head,
    stacks: stacksOf(base.plan, head.plan, judgement),
    migrations: migrationsOf(base.plan, head.plan),
    cost: costOf(base.plan, head.plan),
  };
}

const severities = new WeakMap<readonly ReviewFinding[], ReadonlyMap<string, Severity>>();

/** Returns the highest severity of the findings about a resource. */
export function severityOf(
  findings: readonly ReviewFinding[],
  { stack, logicalId }: Pick<Change, 'stack' | 'logicalId'>,
): Severity | undefined {
  const known = severities.get(findings) ?? worstByResource(findings);
  severities.set(findings, known);
  return known.get(`${stack} ${logicalId}`);
}

function worstByResource(findings: readonly ReviewFinding[]): Map<string, Severity> {
  const worst = new Map<string, Severity>();
  for (const severity of [...SEVERITIES].reverse())
    for (const finding of findings)
      if (finding.severity === severity)
        worst.set(`${finding.place.stack} ${finding.place.logicalId}`, severity);
  return worst;
}

const KINDS = ['removed', 'replaced', 'may-replace', 'renamed', 'changed', 'added'];

function stacksOf(base: ReadPlan, head: ReadPlan, { changes, findings }: Judgement): ReviewedStack[] {
  const names = new Set([...head.stacks, ...base.stacks].map(({ name }) => name));
  const weight = (change: Change): number => {
    const severity = severityOf(findings, change);
    return (severity ? SEVERITIES.indexOf(severity) : SEVERITIES.length) * 10 + KINDS.indexOf(change.kind);
  };
  return [...names].map((name) => {
    const before = base.stacks.find((stack) => stack.name === name);
    const after = head.stacks.find((stack) => stack.name === name);
    const own = changes
      .filter(({ stack }) => stack === name)
      .sort((a, b) => weight(a) - weight(b) || (a.path < b.path ? -1 : 1));
    const region = (after ?? before)?.region;
    return {
      name,
      ...(region !== undefined && { region }),
      state: !before ? 'added' : !after ? 'removed' : own.length > 0 ? 'changed' : 'same',
      resources: Object.keys((after ?? before)?.template.Resources ?? {}).length,
      changes: own,
    };
  });
}

function migrationsOf(base: ReadPlan, head: ReadPlan): ReviewedMigrations {
  const [before, after] = [base.migrations, head.migrations ?? []];
  if (before === undefined) return { known: false, added: [], altered: [] };
  const texts = new Map(after.map(({ file, sql }) => [file, sql]));
  const old = new Set(before.map(({ file }) => file));
  return {
    known: true,
    added: after.filter(({ file }) => !old.has(file)),
    altered: before.filter(({ file, sql }) => texts.get(file) !== sql).map(({ file }) => file),
  };
}

function costOf(base: ReadPlan, head: ReadPlan): ReviewedCost {
  const [before, after] = [monthlyCost(base), monthlyCost(head)];
  const names = new Set([...after.lines, ...before.lines].map(({ name }) => name));
  return {
    before,
    after,
    lines: [...names].map((name) => {
      const [old, now] = [before, after].map(({ lines }) => lines.find((line) => line.name === name));
      return {
        name,
        what: (now ?? old)!.what,
        ...(old && { before: old }),
        ...(now && { after: now }),
      };
    }),
  };
}
