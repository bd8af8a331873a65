import type { Verdict } from '../../../lib/review/finding';
import type { Draft } from './draft';

/** A small change, and the expected verdict of the review. */
export interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  /** Every rule that has something to say, and no other. */
  readonly rules: readonly string[];
  /** Adds the resources that both plans have. */
  readonly given?: (both: Draft) => void;
  readonly change: (head: Draft) => void;
}
