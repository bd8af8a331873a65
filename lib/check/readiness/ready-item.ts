/** One item of the checklists in §8.1 and Appendix B. */
export interface ReadyItem {
  readonly item: string;
  /** Section of Framework 5.3 with the requirement. */
  readonly section: string;
  readonly state: 'proved' | 'failed' | 'not checked' | 'to be confirmed by a person';
  /** The proof, or the reason for the state and the next step. */
  readonly because: string;
}

/** State of an item, and the reason. */
export type Judged = readonly [ReadyItem['state'], string];
