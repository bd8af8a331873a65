import type { Change } from '../change';
import type { Acceptance, Place, Severity, Verdict } from '../finding';
import { tidy } from '../place-path';
import { PRICES_AS_OF, PRICES_REGION } from '../prices';
import type { Review, ReviewedCostLine, ReviewedMigrations } from '../review';
import { summarize } from './summary';

/** Returns a number with its noun, such as `1 danger` or `2 dangers`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  danger: 'Danger',
  caution: 'Caution',
  clean: 'Clean',
};

/** Heading of the findings of each severity, and the meaning of the severity. */
export const HEADINGS: Readonly<Record<Severity, readonly [string, string]>> = {
  danger: ['Dangers', 'may destroy data, open access or stop users'],
  caution: ['Cautions', 'remove a protection, or interrupt users'],
  note: ['Notes', 'worth knowing'],
};

export interface Kind {
  readonly mark: string;
  readonly word: string;
}

export const KINDS: Readonly<Record<Change['kind'], Kind>> = {
  removed: { mark: '−', word: 'removed' },
  replaced: { mark: '⟳', word: 'replaced' },
  'may-replace': { mark: '?', word: 'may be replaced' },
  renamed: { mark: '→', word: 'renamed' },
  changed: { mark: '~', word: 'changed' },
  added: { mark: '+', word: 'added' },
};

/** Returns the place of a resource within its stack. */
export function placeOf({ path, stack, logicalId }: Change): string {
  return tidy(path.startsWith(`${stack}/`) ? path.slice(stack.length + 1) : path) || logicalId;
}

/** Returns the place of a finding as reports show it. */
export function siteOf({ path, stack }: Place): string {
  return tidy(path) || stack;
}

/** Returns the reason, the end and the source of an acceptance. */
export function acceptedBecause({ reason, until, source }: Acceptance): string {
  return `Accepted because ${reason}${/[.!?]$/.test(reason) ? '' : '.'}${until === undefined ? '' : ` Valid until ${until}.`} (${source})`;
}

/** Returns the result of the review in a few short parts. */
export function headline(review: Review): string[] {
  const { counts } = summarize(review);
  const { added, known } = review.migrations;
  const found = [
    counts.danger > 0 && counted(counts.danger, 'danger'),
    counts.caution > 0 && counted(counts.caution, 'caution'),
    counts.note > 0 && counted(counts.note, 'note'),
  ].filter((part) => part !== false);
  const changes = review.changes.length;
  return [
    found.join(', ') || 'no findings',
    changes === 0 ? 'no resource changes' : counted(changes, 'changed resource'),
    ...(review.unjudged.length > 0 ? [`${review.unjudged.length} not fully covered by rules`] : []),
    ...(known && added.length > 0 ? [counted(added.length, 'new migration')] : []),
    costInShort(review),
  ];
}

/** Returns the cost, such as `$512.40 a month` or `$512.40 → $545.20 a month (+$32.80)`. */
export function costInShort({ cost: { before, after } }: Review): string {
  return before.total === after.total
    ? `${dollars(after.total)} a month`
    : `${dollars(before.total)} → ${dollars(after.total)} a month (${difference(before.total, after.total)})`;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')}`;
}

export function difference(before: number, after: number): string {
  const change = after - before;
  return change === 0 ? '' : `${change < 0 ? '−' : '+'}${dollars(Math.abs(change))}`;
}

/** Returns a quantity without rounding errors of binary fractions. */
export function quantity(number: number | undefined): string {
  return number === undefined ? '–' : String(Math.round(number * 100) / 100);
}

/** Returns the lines of the bill: changed lines first, and the most expensive of each group first. */
export function costLines({ cost }: Review): readonly ReviewedCostLine[] {
  const change = ({ before, after }: ReviewedCostLine): number =>
    Math.abs((after?.monthly ?? 0) - (before?.monthly ?? 0));
  return [...cost.lines].sort(
    (a, b) => change(b) - change(a) || (b.after?.monthly ?? 0) - (a.after?.monthly ?? 0),
  );
}

export const COST_NOTE = `On demand in ${PRICES_REGION}, prices of ${PRICES_AS_OF}, for a month without traffic. Costs that depend on use are excluded.`;

export function unpriced({ cost }: Review): string | undefined {
  const missing = cost.after.unpriced;
  return missing.length > 0 ? `Price unknown: ${missing.join(', ')}.` : undefined;
}

/** Returns one or two sentences about the migrations. */
export function migrationsInShort({ known, added, altered }: ReviewedMigrations): string {
  if (!known)
    return 'The deployed stacks do not show which migrations the database has; run `framework53 status`.';
  const changed =
    altered.length > 0
      ? ` ${altered.join(', ')} ${altered.length === 1 ? 'was' : 'were'} changed or removed; an applied file never runs again.`
      : '';
  return `${added.length === 0 ? 'None is new.' : `${counted(added.length, 'new file')}, applied before the new server starts.`}${changed}`;
}
