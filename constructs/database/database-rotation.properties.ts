/** Input of the handler in every step. */
export interface RotationTarget {
  readonly clusterArn: string;
  readonly masterSecretArn: string;
  readonly databaseName: string;
  readonly loginSecretArns: readonly [string, string];
  readonly activeSecretArn: string;
  /** Secrets of roles that running tasks do not use: owner, reader and operator. */
  readonly otherSecretArns: readonly string[];
  readonly ecsCluster: string;
  readonly ecsService: string;
  /** Maximum time until all tasks use the new login, in seconds. */
  readonly settleSeconds: number;
}

/** State that the state machine passes from step to step: names and times, but no password. */
export interface Rotation {
  /** Login that was idle and becomes active. */
  readonly login: string;
  /** Login that was active before and stays valid. */
  readonly previous: string;
  /** Time at which new tasks began to get the new login, in ISO 8601. */
  readonly activatedAt?: string;
  /** Time at which ECS began to replace the running tasks, in ISO 8601. */
  readonly rolledAt?: string;
  /** True if all tasks of the service use the new login. */
  readonly settled?: boolean;
}

export type RotationStep = 'renew' | 'activate' | 'roll' | 'check' | 'renew-others' | 'restore';

export interface RotationEvent {
  readonly step: RotationStep;
  readonly target: RotationTarget;
  /** Absent in the first step. */
  readonly rotation?: Rotation;
}

/** Names of the handler's errors. The state machine handles each of them differently. */
export const SERVICE_BUSY = 'ServiceBusy';
export const LOGIN_FAILED = 'LoginFailed';
export const LOGIN_IN_USE = 'LoginInUse';
export const NOT_SETTLED = 'NotSettled';
