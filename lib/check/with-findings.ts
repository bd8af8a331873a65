import type { Warning } from '../application/warning';
import { SEVERITIES } from '../findings/finding';
import type { CheckReport } from './check-application';
import { type CheckFinding, placeText } from './finding';
import { rules } from './rules';

const severities = { error: 'danger', warning: 'caution', note: 'note' } as const;

/** Build warnings that the check reports too, with a line. */
const checked = new Set([...rules.map(({ rule }) => rule), 'variables-not-documented', 'large-pool']);

/**
 * Adds the findings of the check to the warnings of the build, so that the plan contains both. A finding replaces the
 * build's warnings of the same rule, with at least their severity. A suppressed finding becomes a note.
 */
export function withFindings(built: readonly Warning[], { findings, suppressed }: CheckReport): Warning[] {
  return [
    ...built.filter(({ rule }) => !checked.has(rule)),
    ...findings.map(asWarning).map((warning) => {
      const twins = built.filter(({ rule }) => rule === warning.rule);
      const severity = SEVERITIES.find((one) => [warning, ...twins].some((twin) => twin.severity === one))!;
      return { ...warning, severity };
    }),
    ...suppressed.map((finding) => ({
      ...asWarning(finding),
      severity: 'note' as const,
      what: `${finding.what}; suppressed: ${finding.reason}`,
    })),
  ];
}

function asWarning(finding: CheckFinding): Warning {
  const { rule, section, severity, what, why, fix } = finding;
  return {
    rule,
    severity: severities[severity],
    place: placeText(finding),
    what: `${what} (§${section})`,
    why,
    fix,
  };
}
