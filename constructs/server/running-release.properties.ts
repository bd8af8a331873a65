/** Types of the two custom resources, which share a handler. */
export const QUIET_ALARMS = 'Custom::QuietRollbackAlarms';
export const RUNNING_RELEASE = 'Custom::RunningRelease';

interface Common {
  readonly Cluster: string;
  readonly Service: string;
  /** Name of the alarm that suspends the rollback alarms. */
  readonly Suspension: string;
}

/** Properties of the gate before a deployment. */
export interface QuietAlarmsProperties extends Common {
  readonly Alarms: readonly string[];
  readonly TaskDefinition: string;
  readonly WhenFiring: 'refuse' | 'warn';
  /** Name of the lifecycle hook function; absent if the service has none. */
  readonly Hook?: string;
}

/** Properties of the check after a deployment. */
export interface RunningReleaseProperties extends Common {
  /** The revision that must be running. */
  readonly TaskDefinition: string;
  /** Number of revisions that stay registered, as a string. */
  readonly Keep: string;
}
