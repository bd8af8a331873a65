/** Types of the two custom resources, which share a handler. */
export const QUIET_ALARMS = 'Custom::QuietRollbackAlarms';
export const RUNNING_RELEASE = 'Custom::RunningRelease';

/** Properties of the gate before a deployment. */
export interface QuietAlarmsProperties {
  readonly Alarms: readonly string[];
  readonly TaskDefinition: string;
  readonly WhenFiring: 'refuse' | 'warn';
}

/** Properties of the check after a deployment. */
export interface RunningReleaseProperties {
  readonly Cluster: string;
  readonly Service: string;
  /** The revision that must be running. */
  readonly TaskDefinition: string;
  /** Number of revisions that stay registered, as a string. */
  readonly Keep: string;
}
