import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../files/read-text';
import { type Acceptance, type AcceptedFinding, type ReviewFinding, SEVERITIES } from './finding';
import { tidy } from './place-path';
import { PlanError } from './plan-error';

/** Name of the file with standing acceptances, beside `framework53.config.ts`. */
export const ACCEPTANCES_FILE = 'framework53.accepted.txt';

/** A person's acceptance of the findings of one rule at one place. */
export interface Consent extends Acceptance {
  readonly rule: string;
  /** Path as the report shows it, with or without `#` and the property. */
  readonly path: string;
}

/** An unusable value of `--accept`. */
export class AcceptError extends Error {
  override readonly name = 'AcceptError';
}

const FORM = 'RULE:PATH=REASON';

/**
 * Parses one value of `--accept`.
 * @throws AcceptError if a part is missing or wrong
 */
export function consentOf(text: string, rules: readonly string[]): Consent {
  const [, rule, path, reason] = /^([^:=]+):(.+?)=(.*)$/s.exec(text) ?? [];
  if (!rule || !path || !reason)
    throw new AcceptError(
      `--accept must be ${FORM}, such as data-loss:shop-data/Cache=it is empty, got '${text}'`,
    );
  const consent = { rule: rule.trim(), path: path.trim(), reason: reason.trim(), source: '--accept' };
  const problem = problemOf(consent, rules);
  if (problem) throw new AcceptError(`--accept ${text}: ${problem}`);
  return consent;
}

const LINE = /^(\S+?):(.+?)\s+until\s+(\d{4}-\d{2}-\d{2})\s+because\s+(.+)$/;

/** The longest time for which an acceptance is valid, in days. After that, a person must renew it. */
const LONGEST_DAYS = 366;

/**
 * Reads the standing acceptances of an application: lines of `RULE:PATH until DATE because REASON`. `#` starts a
 * comment.
 * @param today such as `2026-11-30`; expired lines are ignored
 * @throws PlanError with all lines that cannot be read
 */
export function standingConsents(directory: string, today: string, rules: readonly string[]): Consent[] {
  const file = join(directory, ACCEPTANCES_FILE);
  if (!existsSync(file)) return [];
  const problems: string[] = [];
  const consents = readText(file)
    .split(/\r?\n/)
    .flatMap((line, index): Consent[] => {
      const text = line.replace(/(^|\s)#(\s.*)?$/, '').trim();
      if (text === '') return [];
      const source = `${ACCEPTANCES_FILE}:${index + 1}`;
      const [, rule, path, until, reason] = LINE.exec(text) ?? [];
      const consent = rule && path && until && reason ? { rule, path, until, reason, source } : undefined;
      const problem = consent
        ? (problemOf(consent, rules) ?? problemOfDate(consent.until, today))
        : `the line must be 'RULE:PATH until YYYY-MM-DD because REASON', got: ${text}`;
      if (problem) problems.push(`${source}: ${problem}`);
      return consent && !problem && consent.until >= today ? [consent] : [];
    });
  if (problems.length > 0) throw new PlanError(problems.join('\n'));
  return consents;
}

function problemOf({ rule, reason }: Consent, rules: readonly string[]): string | undefined {
  if (!rules.includes(rule)) return `there is no rule '${rule}'; the rules are ${rules.join(', ')}`;
  return /\p{L}{3}/u.test(reason)
    ? undefined
    : `the reason '${reason}' is too short; explain why ${rule} is acceptable here`;
}

function problemOfDate(until: string, today: string): string | undefined {
  const [last, now] = [until, today].map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number];
  if (Number.isNaN(last) || new Date(last).toISOString().slice(0, 10) !== until)
    return `'${until}' is not a valid date`;
  return last - now > LONGEST_DAYS * 86_400_000
    ? `an acceptance is valid for a year at most, got ${until}; choose an earlier date and renew the acceptance then`
    : undefined;
}

/** The findings after acceptances are applied. */
export interface Consented {
  readonly findings: readonly ReviewFinding[];
  readonly accepted: readonly AcceptedFinding[];
}

/**
 * Separates the findings that a person accepted.
 * @throws AcceptError for an `--accept` that matches no finding; lists those it can match
 */
export function applyConsents(findings: readonly ReviewFinding[], consents: readonly Consent[]): Consented {
  for (const consent of consents)
    if (consent.until === undefined && !findings.some((finding) => isAbout(consent, finding)))
      throw new AcceptError(
        `--accept ${consent.rule}:${consent.path} matches no finding; ${choices(findings)}`,
      );
  const accepted: AcceptedFinding[] = [];
  const open = findings.filter((finding) => {
    const consent = consents.find((one) => isAbout(one, finding));
    if (!consent) return true;
    const { reason, until, source } = consent;
    accepted.push({ ...finding, accepted: { reason, ...(until !== undefined && { until }), source } });
    return false;
  });
  return { findings: open, accepted };
}

function isAbout({ rule, path }: Consent, finding: ReviewFinding): boolean {
  if (rule !== finding.rule) return false;
  const { place } = finding;
  const whole = tidy(place.path);
  return [place.path, whole, place.path.split('#')[0], whole.split('#')[0]].includes(path);
}

function choices(findings: readonly ReviewFinding[]): string {
  const acceptable = findings.filter(({ severity }) => severity !== SEVERITIES[2]);
  if (acceptable.length === 0) return 'there is no danger or caution to accept';
  const named = [...new Set(acceptable.map(({ rule, place }) => `${rule}:${tidy(place.path)}`))];
  return `it can match:\n${named.map((name) => `  ${name}`).join('\n')}`;
}
