/**
 * Who is told of an incident, when and how: what the construct, its handlers and the command line all read.
 * Plain data, so that it travels into a handler's environment and through JSON.
 */

/** A person or a shared mailbox. */
export interface Contact {
  /** What others call them; unique among the contacts. */
  readonly name: string;
  readonly email?: string;
  /** For text messages, as E.164: `+` and 8 to 15 digits. */
  readonly phone?: string;
}

/** Days as handovers name them. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A moment of every week. */
export interface WeeklyTime {
  readonly weekday: Weekday;
  /** `HH:MM` on the clock of the zone. */
  readonly time: string;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Somebody takes over for a while: from a moment, up to but not including another. */
export interface OnCallOverride {
  /** Name of a contact. */
  readonly contact: string;
  /** ISO 8601 with an offset, such as `2026-12-24T18:00:00+01:00`. */
  readonly from: string;
  readonly to: string;
}

/** Who is on call, week by week. */
export interface Rotation {
  /** Names of contacts, in the order in which they take over. */
  readonly members: readonly string[];
  /** When one hands over to the next. */
  readonly handover: WeeklyTime;
  /** A date (`YYYY-MM-DD`) in the first member's first week. */
  readonly start: string;
  readonly overrides?: readonly OnCallOverride[];
}

/** Whom a tier tells. */
export type NotificationTarget =
  | { readonly kind: 'on-call' }
  | { readonly kind: 'contact'; readonly contact: string }
  | { readonly kind: 'topic'; readonly topicArn: string }
  | { readonly kind: 'webhook' };

/** A step of the escalation. */
export interface Tier {
  readonly targets: readonly NotificationTarget[];
  /** How often they are told before the next tier is. */
  readonly times: number;
  /** Minutes between two times, and before the next tier. */
  readonly everyMinutes: number;
}

export interface EscalationPlan {
  readonly contacts: readonly Contact[];
  /** Needed when a tier tells whoever is on call. */
  readonly rotation?: Rotation;
  /** In order; the first is told at once. */
  readonly tiers: readonly Tier[];
  /** Minutes after an acknowledgement when the alarm, if it still fires, is paged again. */
  readonly repageMinutes: number;
}
