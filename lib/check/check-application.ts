import type { CheckSettings } from './check-settings';
import { CHECK_SEVERITIES, type CheckFinding, type SuppressedFinding } from './finding';
import type { Found, Rule } from './rule';
import { rules } from './rules';
import { CheckedApplication } from './sources/checked-application';
import { withoutSuppressed } from './suppressions';

/** The result of a check. */
export interface CheckReport {
  /** Findings, the most severe first, then by file and line. */
  readonly findings: readonly CheckFinding[];
  /** Findings that comments in the application suppress, with their reasons. */
  readonly suppressed: readonly SuppressedFinding[];
}

/** Most characters of a finding's text, which may repeat names of the application. */
const LONGEST = 1000;

/**
 * Compares an application with Framework 5.3. Runs nothing of the application, and writes nothing.
 * @param directory folder of the application
 * @param settings settings of the environment
 */
export async function checkApplication(
  directory: string,
  settings: CheckSettings = {},
): Promise<CheckReport> {
  const application = new CheckedApplication(directory, settings);
  await application.read();
  const found: CheckFinding[] = [];
  for (const rule of rules) found.push(...(await findingsOf(rule, application)));
  const { findings, suppressed } = withoutSuppressed(application, found);
  return { findings: [...findings].sort(bySeverity), suppressed: [...suppressed].sort(bySeverity) };
}

/**
 * Returns the findings of a rule. If the rule fails, returns a finding that says so, because no finding would look
 * like a pass.
 */
async function findingsOf(rule: Rule, application: CheckedApplication): Promise<CheckFinding[]> {
  const { asks: _, find, ...texts } = rule;
  const complete = ({ line, ...found }: Found): CheckFinding => ({
    ...texts,
    ...found,
    what: found.what.length > LONGEST ? `${found.what.slice(0, LONGEST)}…` : found.what,
    ...(line !== undefined && { line }),
  });
  try {
    return (await find(application)).map(complete);
  } catch (error) {
    return [
      complete({
        file: 'package.json',
        severity: 'warning',
        what: `this rule could not be checked: ${(error as Error).message}`,
      }),
    ];
  }
}

function bySeverity(a: CheckFinding, b: CheckFinding): number {
  return (
    CHECK_SEVERITIES.indexOf(a.severity) - CHECK_SEVERITIES.indexOf(b.severity) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0))
  );
}
