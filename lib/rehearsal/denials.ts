import type { Counted, JudgedCall, Trace, Verdict } from './core/trace';

/** Number of AWS calls by verdict, and descriptions of the denied calls. */
export interface JudgedPermissions {
  readonly calls: Readonly<Record<Verdict, number>>;
  /** Each line names the caller, the action, the resource, and the missing or denying statement. */
  readonly denied: readonly string[];
  /** Numbers of calls that cannot be judged, by the reason. */
  readonly notJudged: Readonly<Record<string, number>>;
}

export function judgedPermissions({ calls }: Pick<Trace, 'calls'>): JudgedPermissions {
  const of = (verdict: Verdict) => calls.filter((call) => call.verdict === verdict);
  const reasons = new Map<string, number>();
  for (const { reason = '', times } of of('not judged'))
    reasons.set(reason, (reasons.get(reason) ?? 0) + times);
  return {
    calls: {
      allowed: count(of('allowed')),
      denied: count(of('denied')),
      'not judged': count(of('not judged')),
    },
    // Calls that differ in their conditions alone are one line.
    denied: [...new Set(of('denied').map((call) => `${callInWords(call)}: ${call.reason}`))],
    notJudged: Object.fromEntries(reasons),
  };
}

const count = (calls: readonly Counted<JudgedCall>[]): number =>
  calls.reduce((sum, { times }) => sum + times, 0);

/** Describes a call as `caller → action on resource`. */
export const callInWords = ({ caller, action, resource }: JudgedCall): string =>
  `${caller.logicalId} → ${action} on ${resource}`;

/** Adds the denied calls to the problem of a rehearsal. Denied calls are a problem even without another one. */
export function withDenials(problem: string | undefined, trace: Pick<Trace, 'calls'>): string | undefined {
  const { denied } = judgedPermissions(trace);
  if (denied.length === 0) return problem;
  const lines = `AWS denies calls:\n${denied.map((line) => `    ${line}`).join('\n')}`;
  return problem === undefined ? lines : `${problem}\n  ${lines}`;
}
