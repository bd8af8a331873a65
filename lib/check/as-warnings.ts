import type { Warning } from '../application/warning';
import type { CheckReport } from './check-application';
import { type CheckFinding, placeText } from './finding';

const severities = { error: 'danger', warning: 'caution', note: 'note' } as const;

/** The findings in the shape of the build's warnings, so that they travel in the plan. A suppressed one is a note. */
export function asWarnings({ findings, suppressed }: CheckReport): Warning[] {
  return [
    ...findings.map((finding) => asWarning(finding)),
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
