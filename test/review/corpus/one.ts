import type { Case } from './case';

type Properties = Readonly<Record<string, unknown>>;

/** A resource that production does not have, with one thing changed. */
export const one = (
  name: string,
  type: string,
  before: Properties | undefined,
  after: Properties | undefined,
  verdict: Case['verdict'],
  ...rules: readonly string[]
): Case => ({
  name,
  verdict,
  rules,
  given: (both) => {
    if (before) both.add('data', 'Other', { Type: type, Properties: before });
  },
  change: (head) => {
    delete head.stack('data').template.Resources['Other'];
    if (after) head.add('data', 'Other', { Type: type, Properties: after });
  },
});
