import type { NotificationTarget, Rotation, Tier } from './escalation-plan';
import { onCall } from './rotation';

/** The address of a message. */
export type Recipient =
  | { readonly kind: 'contact'; readonly name: string; readonly topicArn: string }
  | { readonly kind: 'topic'; readonly topicArn: string }
  | { readonly kind: 'webhook' };

/** One notification of a tier. */
export interface Step {
  readonly targets: readonly NotificationTarget[];
  /** Minutes until the next step. */
  readonly minutes: number;
}

/** Returns the plan as a list of steps. A tier that is notified twice makes two steps. */
export function stepsOf(tiers: readonly Tier[]): Step[] {
  return tiers.flatMap(({ targets, times, everyMinutes }) =>
    Array.from({ length: times }, () => ({ targets, minutes: everyMinutes })),
  );
}

/** Input of the function that selects the recipients of a step. */
export interface RecipientsQuery {
  /** Index of the step. */
  readonly step: number;
  /** Names of the incident's alarms. */
  readonly alarms: readonly string[];
  /**
   * The incident's record in the table.
   * @default - nothing is suppressed; an older state machine may call the new function during a deployment
   */
  readonly item?: Readonly<Record<string, { readonly SS?: string[] }>>;
  /**
   * Names of alarms in this region that suppress alarms in other regions.
   * @default - none
   */
  readonly suppressors?: readonly string[];
  readonly plan: {
    readonly steps: readonly (readonly NotificationTarget[])[];
    readonly rotation?: Rotation;
    /** ARN of each contact's topic, by name. */
    readonly topics: Readonly<Record<string, string>>;
  };
}

/** Returns the recipients of a step at a moment, without duplicates. */
export function recipientsOf({ step, plan }: RecipientsQuery, at: Date): Recipient[] {
  const contact = (name: string): Recipient => {
    const topicArn = plan.topics[name];
    if (!topicArn) throw new Error(`the plan has no contact called ${name}`);
    return { kind: 'contact', name, topicArn };
  };
  const one = (target: NotificationTarget): Recipient => {
    switch (target.kind) {
      case 'on-call':
        if (!plan.rotation) throw new Error('a target is the person on call, but there is no rotation');
        return contact(onCall(plan.rotation, at).contact);
      case 'contact':
        return contact(target.contact);
      case 'topic':
        return { kind: 'topic', topicArn: target.topicArn };
      case 'webhook':
        return { kind: 'webhook' };
    }
  };
  const all = (plan.steps[step] ?? []).map(one);
  return [...new Map(all.map((recipient) => [JSON.stringify(recipient), recipient])).values()];
}
