import { type Consent, consentOf, standingConsents } from './accept';
import { CHANGE_SET_RULE } from './change-set-rule';
import type { ReviewFinding } from './finding';
import type { Sides } from './read-sides';
import { REHEARSED_ACCESS_RULE } from './rehearsed-access-rule';
import { type Review, review } from './review';
import { RULES } from './rules';

/** The names of all rules that a person can accept a finding of. */
const NAMES = [...RULES.map(({ name }) => name), CHANGE_SET_RULE, REHEARSED_ACCESS_RULE];

/**
 * Reads the values of `--accept`.
 *
 * @throws AcceptError for one that cannot be used
 */
export function consentsOf(values: readonly string[]): Consent[] {
  return values.map((value) => consentOf(value, NAMES));
}

/**
 * Reviews two plans, with the standing acceptances of the application.
 *
 * @param consents acceptances for this review alone
 * @param findings findings of others about the same change
 * @throws PlanError for a file of acceptances that cannot be read
 */
export function reviewSides(
  { base, head, environment, application }: Sides,
  {
    consents = [],
    findings = [],
  }: { consents?: readonly Consent[]; findings?: readonly ReviewFinding[] } = {},
): Review {
  const today = new Date().toISOString().slice(0, 10);
  const standing = standingConsents(application, today, NAMES);
  return review(base, head, { environment, findings, consents: [...consents, ...standing] });
}
