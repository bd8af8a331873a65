/** Type of the custom resource. */
export const FIRST_RELEASE = 'Custom::FirstRelease';

/** Properties of the custom resource. They stay the same in every release. */
export interface FirstReleaseProperties {
  readonly Cluster: string;
  readonly Service: string;
  /** Family of the task definitions. */
  readonly Family: string;
  readonly Container: string;
  readonly LogGroup: string;
  /** Seconds in which the tasks must become healthy, as a string. */
  readonly HealthySeconds: string;
}
