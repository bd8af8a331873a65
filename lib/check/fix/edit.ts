/** A change of one file that removes the findings of a rule. */
export interface Edit {
  /** Path relative to the application. */
  readonly file: string;
  readonly rule: string;
  /** Returns the new text, or the same text if nothing changes. */
  apply(text: string): string;
}
