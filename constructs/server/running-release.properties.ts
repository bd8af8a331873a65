/** Types of the two custom resources that share a handler. */
export const QUIET_ALARMS = 'Custom::QuietRollbackAlarms';
export const RUNNING_RELEASE = 'Custom::RunningRelease';

/** What the check before a deployment is given. */
export interface QuietAlarmsProperties {
  readonly Alarms: readonly string[];
  readonly TaskDefinition: string;
  readonly WhenFiring: 'refuse' | 'warn';
}

/** What the check after a deployment is given. */
export interface RunningReleaseProperties {
  readonly Cluster: string;
  readonly Service: string;
  /** The revision that must be running. */
  readonly TaskDefinition: string;
  /** How many revisions of the family stay registered. */
  readonly Keep: string;
}
