import type { NotificationTarget, Rotation, Tier } from './escalation-plan';
import { onCall } from './rotation';

/** Whom a message goes to. */
export type Recipient =
  | { readonly kind: 'contact'; readonly name: string; readonly topicArn: string }
  | { readonly kind: 'topic'; readonly topicArn: string }
  | { readonly kind: 'webhook' };

/** One time of telling a tier. */
export interface Step {
  readonly targets: readonly NotificationTarget[];
  /** Until the next. */
  readonly minutes: number;
}

/** The plan as a list of steps: a tier that is told twice is two of them. */
export function stepsOf(tiers: readonly Tier[]): Step[] {
  return tiers.flatMap(({ targets, times, everyMinutes }) =>
    Array.from({ length: times }, () => ({ targets, minutes: everyMinutes })),
  );
}

/** What the state machine asks: who is told in a step. */
export interface Question {
  readonly step: number;
  /** Alarms of the incident. */
  readonly alarms: readonly string[];
  readonly plan: {
    readonly steps: readonly (readonly NotificationTarget[])[];
    readonly rotation?: Rotation;
    /** ARN of each contact's topic, by name. */
    readonly topics: Readonly<Record<string, string>>;
  };
}

/** Whom the targets of a step are at a moment; nobody twice. */
export function recipientsOf({ step, plan }: Question, at: Date): Recipient[] {
  const contact = (name: string): Recipient => {
    const topicArn = plan.topics[name];
    if (!topicArn) throw new Error(`no contact is called ${name}`);
    return { kind: 'contact', name, topicArn };
  };
  const one = (target: NotificationTarget): Recipient => {
    switch (target.kind) {
      case 'on-call':
        if (!plan.rotation) throw new Error('whoever is on call is to be told, but there is no rotation');
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
