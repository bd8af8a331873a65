import type { Counted, End, JudgedConnection, Trace, Verdict } from './core/trace';

/** How many connections of each verdict a rehearsal has seen, and the refused ones in words. */
export interface JudgedNetwork {
  readonly connections: Readonly<Record<Verdict, number>>;
  /** Each line names source, target, port, and the rule that is missing. */
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
 * The connections that a plan must not refuse, in words. Connections to the internet are the application's own: a plan may
 * shut them off on purpose.
 */
export function refusals({ connections }: Trace): string[] {
  return connections
    .filter(({ verdict, target }) => verdict === 'denied' && target.outside !== 'internet')
    .map(inWords);
}

/** The problem of a rehearsal, with the refused connections. They are a problem themselves, even if nothing else is. */
export function withRefusals(problem: string | undefined, trace: Trace): string | undefined {
  const lines = refusals(trace);
  if (lines.length === 0) return problem;
  const refused = `the plan refuses connections:\n${lines.map((line) => `    ${line}`).join('\n')}`;
  return problem === undefined ? refused : `${problem}\n  ${refused}`;
}

/** A judged connection as `source → target:port: reason`. */
export function inWords({
  source,
  target,
  port,
  reason,
}: JudgedConnection | Counted<JudgedConnection>): string {
  return `${nameOf(source)} → ${nameOf(target)}:${port}: ${reason}`;
}

/** An end of a connection, for messages. */
export function nameOf({ resource, outside = '' }: End): string {
  if (resource) return resource.logicalId;
  return outside === 'internet' ? outside : `AWS API${outside === 'aws' ? '' : ` (${outside})`}`;
}
