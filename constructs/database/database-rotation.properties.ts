/** Input that the state machine hands to the handler in every step. */
export interface RotationTarget {
  readonly clusterArn: string;
  readonly masterSecretArn: string;
  readonly databaseName: string;
  readonly loginSecretArns: readonly [string, string];
  readonly activeSecretArn: string;
  /** Secrets of the roles that no running task keeps: owner, reader and operator. */
  readonly otherSecretArns: readonly string[];
  readonly ecsCluster: string;
  readonly ecsService: string;
  /** Time in which the service must settle on the new login, in seconds. */
  readonly settleSeconds: number;
}

/** State that the steps hand to each other: names and times, never a password. */
export interface Rotation {
  /** Login that was idle and becomes active. */
  readonly login: string;
  /** Login that was active before and stays valid. */
  readonly previous: string;
  /** Moment when tasks began to get the new login, in ISO 8601. */
  readonly activatedAt?: string;
  /** Moment when ECS began to replace the running tasks, in ISO 8601. */
  readonly rolledAt?: string;
  /** True if the service runs on the new login alone. */
  readonly settled?: boolean;
}

export type RotationStep = 'renew' | 'activate' | 'roll' | 'check' | 'renew-others' | 'restore';

export interface RotationEvent {
  readonly step: RotationStep;
  readonly target: RotationTarget;
  /** Absent in the first step. */
  readonly rotation?: Rotation;
}

/** Names of the handler's errors. The state machine handles each of them in its own way. */
export const SERVICE_BUSY = 'ServiceBusy';
export const LOGIN_FAILED = 'LoginFailed';
export const LOGIN_IN_USE = 'LoginInUse';
export const NOT_SETTLED = 'NotSettled';
