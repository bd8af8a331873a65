import type { Weekday } from '../weekdays';

// The plan is plain data, because handlers and the command line read it as JSON.

/** A person or a shared mailbox. */
export interface Contact {
  /** Name of the contact, unique in the plan: up to 40 letters, digits, spaces, dots, hyphens and apostrophes. */
  readonly name: string;
  /**
   * E-mail address.
   * @default - the contact gets no e-mail
   */
  readonly email?: string;
  /**
   * Number for text messages in the form E.164: `+`, then 8 to 15 digits.
   * @default - the contact gets no text messages
   */
  readonly phone?: string;
}

/** A moment in every week. */
export interface WeeklyTime {
  /** Day of the week. */
  readonly weekday: Weekday;
  /** Time in the time zone, as `HH:MM`. */
  readonly time: string;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A period in which another contact is on call. */
export interface OnCallOverride {
  /** Name of the contact who takes over. */
  readonly contact: string;
  /** Start, in ISO 8601 with an offset, such as `2026-12-24T18:00:00+01:00`. */
  readonly from: string;
  /** End (exclusive), in ISO 8601 with an offset. */
  readonly to: string;
}

/** Contacts who are on call for a week each. */
export interface Rotation {
  /** Names of contacts, in the order in which they take over. */
  readonly members: readonly string[];
  /** Time at which one contact hands over to the next. */
  readonly handover: WeeklyTime;
  /** Date (`YYYY-MM-DD`) in the first member's first week. */
  readonly start: string;
  /**
   * Periods in which another contact is on call. They must not overlap.
   * @default - none
   */
  readonly overrides?: readonly OnCallOverride[];
}

/** A recipient of a tier. */
export type NotificationTarget =
  | {
      /** The contact who is on call according to the rotation. */
      readonly kind: 'on-call';
    }
  | {
      /** A contact. */
      readonly kind: 'contact';
      /** Name of the contact. */
      readonly contact: string;
    }
  | {
      /** An SNS topic that you own. If the topic is encrypted, its key must allow the notifying function to use it. */
      readonly kind: 'topic';
      /** ARN of the topic. */
      readonly topicArn: string;
    }
  | {
      /** The webhook of the escalation. */
      readonly kind: 'webhook';
    };

/** A group of recipients who are notified together. */
export interface Tier {
  /** Recipients of the tier. */
  readonly targets: readonly NotificationTarget[];
  /** Number of times to notify the tier before the next tier: 1 to 20. */
  readonly times: number;
  /** Minutes between two notifications, and before the next tier: 1 to 240. */
  readonly everyMinutes: number;
}

/** People, and the order in which they are notified of an incident. */
export interface EscalationPlan {
  /** People and shared mailboxes. */
  readonly contacts: readonly Contact[];
  /**
   * Contacts who are on call, week by week.
   * @default - no tier has the target `on-call`
   */
  readonly rotation?: Rotation;
  /** Tiers in order, 1 to 10. The first tier is notified immediately. */
  readonly tiers: readonly Tier[];
  /** Minutes after an acknowledgement before an alarm that still fires pages again: 5 to 1440. */
  readonly repageMinutes: number;
}
