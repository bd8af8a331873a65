/** What the state machine tells the handler in every step; the construct writes it, the handler reads it. */
export interface RotationTarget {
  readonly clusterArn: string;
  readonly masterSecretArn: string;
  readonly databaseName: string;
  readonly loginSecretArns: readonly [string, string];
  readonly activeSecretArn: string;
  /** Secrets of the roles that no running task holds on to: owner and reader. */
  readonly otherSecretArns: readonly string[];
  readonly ecsCluster: string;
  readonly ecsService: string;
  /** How long the service may take to settle on the new login. */
  readonly settleSeconds: number;
}

/** What the steps hand on to each other: names and times, never a password. */
export interface Rotation {
  /** Login that was idle and becomes active. */
  readonly login: string;
  /** Login that was active before and stays valid. */
  readonly previous: string;
  /** When tasks began to get the new login, ISO 8601. */
  readonly activatedAt?: string;
  /** When the running tasks began to be replaced, ISO 8601. */
  readonly rolledAt?: string;
  /** Whether the service runs on the new login alone. */
  readonly settled?: boolean;
}

export type RotationStep = 'renew' | 'activate' | 'roll' | 'check' | 'renew-others' | 'restore';

export interface RotationEvent {
  readonly step: RotationStep;
  readonly target: RotationTarget;
  /** Absent in the first step. */
  readonly rotation?: Rotation;
}

/** Names of the handler's errors, which the state machine tells apart. */
export const SERVICE_BUSY = 'ServiceBusy';
export const LOGIN_FAILED = 'LoginFailed';
export const LOGIN_IN_USE = 'LoginInUse';
export const NOT_SETTLED = 'NotSettled';
