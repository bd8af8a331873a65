import { z } from 'zod';
import { EVIDENCE_KINDS, type EvidenceKind } from '../../constructs/delivery-roles/delivery-rules';
import { readText } from '../files/read-text';
import { sha256 } from '../review/plan-digest';
import { type Evidence, parseWith } from './plan-record';
import { RefusedError } from './refused';

/**
 * A report as evidence for a plan: the kinds of evidence, the digest of the plan, and the verdict. A report can be
 * evidence of several kinds.
 */
const reportSchema = z.looseObject({
  evidence: z
    .array(
      z.looseObject({
        kind: z.enum(EVIDENCE_KINDS),
        verdict: z.enum(['passed', 'failed']),
        summary: z.string(),
      }),
    )
    .min(1),
  planDigest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The facts of a report about a plan. */
export interface EvidenceReport {
  readonly planDigest: string;
  readonly evidence: readonly Pick<Evidence, 'kind' | 'verdict' | 'summary'>[];
}

/** The parts of a rehearsal's report that decide if a plan may be deployed. */
interface Rehearsed {
  readonly verdict: 'passed' | 'failed';
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly steps: readonly { readonly name: string; readonly outcome: string }[];
}

/** A rehearsal's report, with its plan and its kinds of evidence. */
export function rehearsalEvidence<T extends Rehearsed>(summary: T, planDigest: string): T & EvidenceReport {
  const { verdict, faults, seconds, steps } = summary;
  const words = `${verdict} after ${seconds} s`;
  const back = steps.find(({ name }) => name.includes('rollback'));
  const evidence: EvidenceReport['evidence'] =
    faults.length > 0
      ? [{ kind: 'faults', verdict, summary: `${faults.join(', ')}: ${words}` }]
      : [
          { kind: 'rehearsal', verdict, summary: words },
          {
            kind: 'rollback',
            verdict: back?.outcome === 'done' ? 'passed' : 'failed',
            summary: back ? back.outcome : 'was not part of the rehearsal',
          },
        ];
  return { ...summary, planDigest, evidence };
}

/** Returns the evidence in the text of a report. */
export function evidenceOf(report: EvidenceReport, text: string): Evidence[] {
  return report.evidence.map(({ kind, verdict, summary }) => ({
    kind,
    plan: report.planDigest,
    verdict,
    summary: summary.slice(0, 120),
    report: sha256(text),
  }));
}

/**
 * Reads existing reports, from `rehearse` or a tool of the team.
 * @throws RefusedError for a report of another plan, or one that names no plan
 */
export function readEvidence(files: readonly string[], planDigest: string): Evidence[] {
  const problems: string[] = [];
  const evidence = files.flatMap((file) => {
    let text: string;
    try {
      text = readText(file);
    } catch (error) {
      problems.push((error as Error).message);
      return [];
    }
    const report = parseWith(reportSchema, text);
    if (!report) {
      problems.push(
        `${file} has no 'planDigest' and 'evidence' (kinds: ${EVIDENCE_KINDS.join(', ')}); write it with \`framework53 rehearse --json\`, or as in docs/deploying.md`,
      );
      return [];
    }
    if (report.planDigest !== planDigest)
      problems.push(`${file} belongs to another plan, ${report.planDigest.slice(0, 16)}; create it again`);
    return evidenceOf(report, text);
  });
  if (problems.length > 0) throw new RefusedError('evidence cannot be used', problems);
  return evidence;
}

/** Returns the reasons why the evidence of a plan is insufficient, by kind. */
export function missingEvidence(
  required: readonly EvidenceKind[],
  planDigest: string,
  evidence: readonly Evidence[],
): string[] {
  return required.flatMap((kind) => {
    const own = evidence.filter((report) => report.kind === kind);
    if (own.length === 0) return [`there is no report of kind ${kind}`];
    const foreign = own.find(({ plan }) => plan !== planDigest);
    if (foreign) return [`the report of kind ${kind} belongs to another plan, ${foreign.plan.slice(0, 16)}`];
    const failed = own.find(({ verdict }) => verdict !== 'passed');
    return failed ? [`the report of kind ${kind} says: ${failed.summary}`] : [];
  });
}
