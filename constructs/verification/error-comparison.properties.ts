/** What the template tells the handler that compares a release's errors with those before it. */
export interface ErrorComparisonProperties {
  readonly ServiceToken: string;
  readonly LogGroup: string;
  /** Prefix of the log streams that the release writes, and nothing else does. */
  readonly StreamPrefix: string;
  /** Changes with what is compared, which may have its log streams in common with what was there before. */
  readonly Release: string;
  /** Minutes for which the release is watched; CloudFormation hands every property over as a string. */
  readonly Minutes: string;
  /** Errors of one class within that time that are never too many. */
  readonly Tolerated: string;
  /** How many times as many as before are too many. */
  readonly Times: string;
}
