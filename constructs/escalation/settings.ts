/** Environment variable with the settings of a handler, as JSON. */
export const SETTINGS = 'ESCALATION';

export interface IntakeSettings {
  readonly table: string;
  readonly stateMachineArn: string;
  /** Region of the escalation. The state machine cannot read alarms of other regions. */
  readonly region: string;
}

export interface NotifySettings {
  /** Prefix of the physical names. */
  readonly name: string;
  readonly table: string;
  readonly region: string;
  /** URL of the acknowledge page; undefined if there is none. */
  readonly acknowledgeUrl?: string;
  /** Name of the acknowledge function, which permitted people can invoke. */
  readonly acknowledgeFunction: string;
  /** Base URL of runbook paths. */
  readonly runbooks?: string;
  readonly dashboard?: string;
  /** Log group of the server. */
  readonly logGroup?: string;
  /** Query over that log group. */
  readonly query?: string;
  /** Command that rolls back the last release. */
  readonly rollbackCommand?: string;
  readonly webhook?: { readonly url: string; readonly secretArn: string };
}

export interface AcknowledgeSettings {
  readonly name: string;
  readonly table: string;
}

export interface WatchSettings {
  readonly name: string;
  readonly table: string;
  /** Topics and the number of confirmed subscriptions each must have, by owner. */
  readonly topics: Readonly<Record<string, { readonly arn: string; readonly subscriptions: number }>>;
  /** True if a test page is sent every week. */
  readonly tested: boolean;
}

/** Returns the settings of the running handler, from its environment at call time. */
export function settings<T>(): T {
  const json = process.env[SETTINGS];
  if (!json) throw new Error(`the environment variable ${SETTINGS} is not set`);
  return JSON.parse(json) as T;
}

/** Metric of problems that keep messages from people, in the namespace `<name>/Escalation`. */
export const PROBLEMS_METRIC = 'Problems';
