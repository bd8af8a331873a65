import { markdownCode as code, escapeMarkdown, prose } from '../findings/escape';
import { wrapped } from '../findings/wrapped';
import type { CheckReport } from './check-application';
import { CHECK_SEVERITIES, type CheckFinding, placeText, type SuppressedFinding } from './finding';

/** The output formats of a report. */
export const CHECK_FORMATS = ['text', 'md', 'json'] as const;
/** An output format of a report. */
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** Formats a report as text for a terminal, as Markdown for a pull request, or as JSON for programs. */
export function formatReport(report: CheckReport, format: CheckFormat): string {
  if (format === 'json') return `${JSON.stringify({ formatVersion: 1, ...report }, null, 2)}\n`;
  return format === 'md' ? markdown(report) : plain(report);
}

/** Returns the counts, such as `2 errors, 1 warning, no notes`. */
export function countsText({ findings, suppressed }: CheckReport): string {
  const counts = CHECK_SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count || 'no'} ${severity}${count === 1 ? '' : 's'}`;
  });
  return [...counts, ...(suppressed.length ? [`${suppressed.length} suppressed`] : [])].join(', ');
}

function plain(report: CheckReport): string {
  const findings = report.findings.map((finding) => {
    const { severity, rule, section, what, why, fix } = finding;
    const label = ' '.repeat(9);
    return [
      wrapped(`${severity.padEnd(9)}${placeText(finding)}  ${rule}  §${section}`, '', label),
      wrapped(sentence(what), label),
      wrapped(sentence(why), label),
      ...fix.map((step) => wrapped(`→ ${step}`, label, `${label}  `)),
      '',
    ].join('\n');
  });
  const suppressed = report.suppressed.map(
    (each) => `${wrapped(`suppressed ${placeText(each)}  ${each.rule}: ${each.reason}`, '', '  ')}\n`,
  );
  return [...findings, ...suppressed, `${countsText(report)}\n`].join('\n');
}

function markdown(report: CheckReport): string {
  const parts = CHECK_SEVERITIES.flatMap((severity) => {
    const found = report.findings.filter((finding) => finding.severity === severity);
    if (found.length === 0) return [];
    return [`### ${severity[0]!.toUpperCase()}${severity.slice(1)}s`, '', ...found.map(markdownFinding)];
  });
  return [
    '## Framework 5.3 check',
    '',
    `${countsText(report)}.`,
    '',
    ...parts,
    ...(report.suppressed.length
      ? ['### Suppressed', '', ...report.suppressed.map(markdownSuppressed), '']
      : []),
  ].join('\n');
}

function markdownFinding(finding: CheckFinding): string {
  const { rule, section, what, why, fix, example } = finding;
  return [
    `- **${code(placeText(finding))}** ${markdownText(sentence(what))} ${markdownText(sentence(why))} (${code(rule)}, §${section})`,
    ...fix.map((step) => `  - ${markdownText(step)}`),
    '',
    '  ```',
    ...example.split('\n').map((line) => `  ${line}`),
    '  ```',
    '',
  ].join('\n');
}

function markdownSuppressed(finding: SuppressedFinding): string {
  return `- ${code(placeText(finding))} ${code(finding.rule)}: ${markdownText(finding.reason)}`;
}

/** Escapes text from files of the application for one line of Markdown. Text in backticks becomes code. */
export function markdownText(text: string): string {
  return prose(text, escapeMarkdown, code);
}

function sentence(clause: string): string {
  return `${clause[0]?.toUpperCase() ?? ''}${clause.slice(1)}${/[.!?]$/.test(clause) ? '' : '.'}`;
}
