/** Properties of the custom resource that compares errors. */
export interface ErrorComparisonProperties {
  readonly ServiceToken: string;
  readonly LogGroup: string;
  /** Prefix of the log streams of this release. */
  readonly StreamPrefix: string;
  /** Text that changes with each release, because two releases may have the same log streams. */
  readonly Release: string;
  /** Minutes of the watched period, as a string because CloudFormation turns every property into a string. */
  readonly Minutes: string;
  /** Number of errors of one class that never fails the release. */
  readonly Tolerated: string;
  /** Factor by which a class of errors may be more frequent than before. */
  readonly Times: string;
}
