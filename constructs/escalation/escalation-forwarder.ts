import { Aws, Duration } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Subscription, SubscriptionProtocol, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { MetricAlarm } from '../monitoring/metric-alarm';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { AlarmRoutes, type ForeignMeaning, type MaintenanceWindow, type PageOptions } from './alarm-routes';
import { escalationAlarm } from './escalation-alarm';
import { pageQueueName, pageTopicName } from './escalation-intake';
import { AlarmTopic, alarmKey } from './escalation-topics';
import { metricSum } from './metric-sum';

export interface EscalationForwarderProps {
  /** Prefix of physical names: the same as the escalation's. */
  readonly name: string;
  /** Region of the escalation. */
  readonly homeRegion: string;
  /**
   * E-mail addresses that are told when a page cannot be forwarded.
   * @default none
   */
  readonly fallbackEmails?: readonly string[];
  /**
   * Times in which alarms tell nobody.
   * @default none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
}

/**
 * Lets alarms of us-east-1 page by an escalation that is in another region: an alarm's action has to be in its
 * own.
 *
 * Defines a topic whose messages go to the escalation's queue, which is known by its name; what cannot be
 * forwarded is kept, and an alarm says so by mail from here.
 * @example
 * // In a stack of us-east-1, for an escalation in Frankfurt.
 * const { pageTopic } = new EscalationForwarder(this, 'Pages', {
 *   name: 'guestbook-production',
 *   homeRegion: 'eu-central-1',
 *   fallbackEmails: ['office@example.com'],
 * });
 */
export class EscalationForwarder extends Construct {
  readonly pageTopic: Topic;
  readonly undelivered: MetricAlarm;
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, props: EscalationForwarderProps) {
    super(scope, id);
    const { name, homeRegion, fallbackEmails = [], maintenance = [] } = props;
    const key = alarmKey(this, `Topics of ${name}`);
    this.pageTopic = new AlarmTopic(this, 'Page', { topicName: pageTopicName(name), key }).topic;
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      deadLetters,
      'SQS3',
      'It is the queue of dead letters, of a subscription instead of a queue.',
    );
    new Subscription(this, 'Forward', {
      topic: this.pageTopic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: `arn:${Aws.PARTITION}:sqs:${homeRegion}:${Aws.ACCOUNT_ID}:${pageQueueName(name)}`,
      rawMessageDelivery: true,
      deadLetterQueue: deadLetters,
    });
    const fallback = new AlarmTopic(this, 'Fallback', {
      topicName: `${name}-escalation-fallback`,
      key,
    }).topic;
    for (const email of fallbackEmails) fallback.addSubscription(new EmailSubscription(email));
    this.undelivered = escalationAlarm(this, 'EdgePageUndelivered', {
      name,
      meaning: 'An alarm of the edge has not become an incident: nobody was told of it.',
      action: 'Read the message in the queue of dead letters here; look for the escalation’s queue at home.',
      metric: metricSum('undelivered', [
        this.pageTopic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
        deadLetters.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(5),
          statistic: 'Maximum',
        }),
      ]),
      unit: 'messages not forwarded',
    });
    this.undelivered.alarm.addAlarmAction(new SnsAction(fallback));
    this.routes = new AlarmRoutes(this, 'Routes', { name, pageTopic: this.pageTopic, maintenance });
  }

  /** Has an alarm of this package wake people. */
  page(alarm: MonitoringAlarm, options?: Pick<PageOptions, 'cause'>): void;
  /** Has any alarm of this region wake people; what it says of itself replaces its description. */
  page(alarm: AlarmBase, options: Pick<PageOptions, 'cause'> & ForeignMeaning): void;
  page(
    alarm: MonitoringAlarm | AlarmBase,
    options: Pick<PageOptions, 'cause'> & Partial<ForeignMeaning> = {},
  ): void {
    this.routes.page(alarm, options);
  }
}
