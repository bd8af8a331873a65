/** The properties of the custom resource that waits for a canary's first run after a release. */
export interface FirstCanaryRunProperties {
  readonly ServiceToken: string;
  readonly Canary: string;
  /** Changes with each release. */
  readonly Release: string;
  /** Minutes until a run must have begun and ended; CloudFormation hands every property over as a string. */
  readonly Minutes: string;
}
