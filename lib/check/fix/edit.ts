/** A change of one file that removes the findings of a rule. */
export interface Edit {
  /** Path relative to the application. */
  readonly file: string;
  readonly rule: string;
  /** Returns the new text; the same text if there is nothing to change. */
  apply(text: string): string;
}
