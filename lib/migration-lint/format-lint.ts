import type { Finding, LintReport } from './report';

/** Formats the findings for people. Each rule is explained once, followed by the places that break it. */
export function formatLint({ files, findings, allowed }: LintReport): string {
  const pending = files.filter((file) => file.pending).length;
  const judged = `${count(pending, 'migration')} judged, ${count(findings.length, 'finding')}${
    allowed.length ? `, ${allowed.length} allowed` : ''
  }`;
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.why}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [judged, ...[...groups.values()].map(formatGroup)].join('\n\n');
}

function formatGroup(findings: readonly Finding[]): string {
  const { rule, why, fix } = findings[0]!;
  const leave = ['syntax', 'journal', 'allow'].includes(rule)
    ? []
    : [`  or: -- framework53: allow ${rule} because … (on a line before the statement)`];
  return [
    `${rule}: ${why}`,
    ...findings.map(
      ({ place: { file, line }, objects, statement }) =>
        `  ${file}:${line}${objects.length ? `  ${objects.join(', ')}` : ''}${statement && `\n      ${statement}`}`,
    ),
    ...fix.map((step, index) => `  ${fix.length > 1 ? `${index + 1}.` : '→'} ${step}`),
    ...leave,
  ].join('\n');
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/**
 * Reports migrations that are unsafe for a database in use. The message contains all findings and needs no stack
 * trace.
 */
export class MigrationLintError extends Error {
  override readonly name = 'MigrationLintError';

  /** @param hint advice to append to the findings */
  constructor(
    readonly report: LintReport,
    hint?: string,
  ) {
    super([formatLint(report), hint].filter(Boolean).join('\n\n'));
  }
}
