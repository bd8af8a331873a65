/** Name of the variable in which a handler finds what its construct tells it, as JSON. */
export const SETTINGS = 'ESCALATION';

export interface IntakeSettings {
  readonly table: string;
  readonly stateMachineArn: string;
  /** Where the escalation is: alarms of other regions cannot be looked at from here. */
  readonly region: string;
}

export interface TellSettings {
  /** Prefix of the environment's names. */
  readonly name: string;
  readonly table: string;
  readonly region: string;
  /** Address of the page on which people acknowledge; absent when there is none. */
  readonly acknowledgeUrl?: string;
  /** Name of the function that acknowledges, for those who may invoke it. */
  readonly acknowledgeFunction: string;
  /** What runbooks' paths are relative to. */
  readonly runbooks?: string;
  readonly dashboard?: string;
  /** Log group of the server, and what to ask it. */
  readonly logGroup?: string;
  readonly query?: string;
  readonly webhook?: { readonly url: string; readonly secretArn: string };
}

export interface AcknowledgeSettings {
  readonly name: string;
  readonly table: string;
}

export interface WatchSettings {
  readonly name: string;
  readonly table: string;
  /** Topics and how many confirmed subscriptions they have to have, by whose they are. */
  readonly topics: Readonly<Record<string, { readonly arn: string; readonly subscriptions: number }>>;
  /** Whether a test page is sent every week. */
  readonly tested: boolean;
}

/** Read at each call, not when the handler is loaded. */
export function settings<T>(): T {
  const json = process.env[SETTINGS];
  if (!json) throw new Error(`${SETTINGS} is not set`);
  return JSON.parse(json) as T;
}

/** What is in the way of messages, counted; in the namespace `<name>/Escalation`. */
export const PROBLEMS_METRIC = 'Problems';
