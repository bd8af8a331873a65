/** Properties of the custom resource that waits for the first canary run after a release. */
export interface FirstCanaryRunProperties {
  readonly ServiceToken: string;
  readonly Canary: string;
  /** Value that changes with each release. */
  readonly Release: string;
  /** Time limit for a run to start and finish, in minutes. CloudFormation passes all properties as strings. */
  readonly Minutes: string;
}
