import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { validName } from '../physical-name';
import { AlarmRoutes, type MaintenanceWindow } from './alarm-routes';
import { AlarmTopic, alarmKey } from './escalation-topics';

/** Properties of `Tickets`. */
export interface TicketsProps {
  /**
   * Prefix of physical names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** E-mail addresses that get tickets. */
  readonly emails: readonly string[];
  /**
   * Periods in which alarms notify nobody.
   * @default - none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
  /**
   * Key that encrypts the topic. CloudWatch is allowed to publish with it; the policy of an imported key must allow
   * `kms:Decrypt` and `kms:GenerateDataKey*` to `cloudwatch.amazonaws.com` already.
   * @default - a key is created
   */
  readonly encryptionKey?: IKey;
}

/**
 * Sends tickets for alarms that can wait for working hours. Use it in an environment without paging; an `Escalation`
 * includes tickets.
 *
 * Defines a topic with a key and subscriptions.
 * @example
 * const tickets = new Tickets(this, 'Tickets', { name: 'guestbook-production', emails: ['team@example.com'] });
 * const waiting = MonitoringAlarm.in(this).filter(({ summary }) => summary.severity === 'ticket');
 * for (const alarm of waiting) tickets.ticket(alarm);
 */
export class Tickets extends Construct {
  /** Action of alarms that can wait for working hours. */
  readonly topic: Topic;
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, props: TicketsProps) {
    super(scope, id);
    const { emails, maintenance = [] } = props;
    const name = validName(this, props.name);
    const key = alarmKey(this, `Tickets of ${name}`, props.encryptionKey);
    this.topic = new AlarmTopic(this, 'Ticket', { topicName: `${name}-ticket`, key }).topic;
    for (const email of new Set(emails)) this.topic.addSubscription(new EmailSubscription(email));
    this.routes = new AlarmRoutes(this, 'Routes', { name, ticketTopic: this.topic, maintenance });
  }

  /**
   * Sends a ticket when an alarm fires.
   * @param alarm an alarm of this stack
   */
  ticket(alarm: MonitoringAlarm | AlarmBase): void {
    this.routes.ticket(alarm);
  }
}
