import type { Counted, End, JudgedConnection, Trace, Verdict } from './core/trace';

/** Number of connections by verdict, and descriptions of the refused connections. */
export interface JudgedNetwork {
  readonly connections: Readonly<Record<Verdict, number>>;
  /** Each line names the source, the target, the port and the missing rule. */
  readonly refused: readonly string[];
  readonly notJudged: readonly string[];
}

export function judgedNetwork({ connections }: Trace): JudgedNetwork {
  const of = (verdict: Verdict) => connections.filter((one) => one.verdict === verdict);
  return {
    connections: {
      allowed: of('allowed').length,
      denied: of('denied').length,
      'not judged': of('not judged').length,
    },
    refused: of('denied').map(inWords),
    notJudged: of('not judged').map(inWords),
  };
}

/**
 * Describes the refused connections. Refused connections to the internet are excluded, because a plan may block them
 * on purpose.
 */
export function refusals({ connections }: Trace): string[] {
  return connections
    .filter(({ verdict, target }) => verdict === 'denied' && target.outside !== 'internet')
    .map(inWords);
}

/**
 * Adds the refused connections to the problem of a rehearsal. Refused connections are a problem even without another
 * one.
 */
export function withRefusals(problem: string | undefined, trace: Trace): string | undefined {
  const lines = refusals(trace);
  if (lines.length === 0) return problem;
  const refused = `the plan refuses connections:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  return problem === undefined ? refused : `${problem}\n  ${refused}`;
}

/** Describes a judged connection as `source → target:port: reason`. */
export function inWords({
  source,
  target,
  port,
  reason,
}: JudgedConnection | Counted<JudgedConnection>): string {
  return `${nameOf(source)} → ${nameOf(target)}:${port}: ${reason}`;
}

/** Returns the name of a connection's end for messages. */
export function nameOf({ resource, outside = '' }: End): string {
  if (resource) return resource.logicalId;
  return outside === 'internet' ? outside : `AWS API${outside === 'aws' ? '' : ` (${outside})`}`;
}
