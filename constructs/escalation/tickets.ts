import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { AlarmRoutes, type MaintenanceWindow } from './alarm-routes';
import { AlarmTopic, alarmKey } from './escalation-topics';

export interface TicketsProps {
  /** Prefix of physical names. */
  readonly name: string;
  /** E-mail addresses that get tickets. */
  readonly emails: readonly string[];
  /**
   * Times in which alarms tell nobody.
   * @default none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
}

/**
 * Alarms that wait for working hours, where nobody is woken.
 *
 * Defines a topic with its key and subscriptions; an `Escalation` has one of its own.
 * @example
 * const tickets = new Tickets(this, 'Tickets', { name: 'guestbook-production', emails: ['team@example.com'] });
 * const waiting = MonitoringAlarm.in(this).filter(({ summary }) => summary.severity === 'ticket');
 * for (const alarm of waiting) tickets.ticket(alarm);
 */
export class Tickets extends Construct {
  readonly topic: Topic;
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, { name, emails, maintenance = [] }: TicketsProps) {
    super(scope, id);
    const key = alarmKey(this, `Tickets of ${name}`);
    this.topic = new AlarmTopic(this, 'Ticket', { topicName: `${name}-ticket`, key }).topic;
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    this.routes = new AlarmRoutes(this, 'Routes', { name, ticketTopic: this.topic, maintenance });
  }

  /** Has an alarm tell those who look in working hours. */
  ticket(alarm: MonitoringAlarm | AlarmBase): void {
    this.routes.ticket(alarm);
  }
}
