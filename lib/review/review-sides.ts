import { type Consent, consentOf, standingConsents } from './accept';
import { CHANGE_SET_RULE } from './change-set-rule';
import type { ReviewFinding } from './finding';
import type { Sides } from './read-sides';
import { REHEARSED_ACCESS_RULE } from './rehearsed-access-rule';
import { type Review, review } from './review';
import { RULES } from './rules';

/** Names of all rules whose findings a person can accept. */
const NAMES = [...RULES.map(({ name }) => name), CHANGE_SET_RULE, REHEARSED_ACCESS_RULE];

/**
 * Parses the values of `--accept`.
 * @throws AcceptError for an unusable value
 */
export function consentsOf(values: readonly string[]): Consent[] {
  return values.map((value) => consentOf(value, NAMES));
}

/**
 * Reviews two plans with the standing acceptances of the application.
 * @param consents acceptances for this review only
 * @param findings findings from other sources about the same change
 * @throws PlanError if the acceptances file cannot be read
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
