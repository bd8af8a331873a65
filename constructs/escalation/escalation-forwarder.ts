import { Aws, Duration } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, type Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { MetricAlarm } from '../monitoring/metric-alarm';
import type { AlarmContext, MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { validName } from '../physical-name';
import { AlarmRoutes, type MaintenanceWindow, type PageOptions } from './alarm-routes';
import { escalationAlarm } from './escalation-alarm';
import { pageQueueName, pageTopicName } from './escalation-intake';
import { AlarmTopic, alarmKey } from './escalation-topics';
import { metricSum } from './metric-sum';

/** Properties of an `EscalationForwarder`. */
export interface EscalationForwarderProps {
  /** Prefix of physical names. Use the `name` of the escalation. */
  readonly name: string;
  /** Region of the escalation. */
  readonly homeRegion: string;
  /**
   * E-mail addresses that are notified when a page cannot be forwarded.
   * @default - none
   */
  readonly fallbackEmails?: readonly string[];
  /**
   * Periods in which alarms notify nobody.
   * @default - none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
  /**
   * Key that encrypts the topics. CloudWatch is allowed to publish with it; the policy of an imported key must allow
   * `kms:Decrypt` and `kms:GenerateDataKey*` to `cloudwatch.amazonaws.com` already.
   * @default - a key is created
   */
  readonly encryptionKey?: IKey;
}

/**
 * Connects alarms in us-east-1 with an escalation in another region. CloudWatch requires an alarm's action to be in
 * the alarm's region.
 *
 * Defines a topic that delivers to the escalation's queue, which is found by name. A dead-letter queue keeps messages
 * that cannot be delivered, and an alarm on it notifies by e-mail.
 * @example
 * // In a stack of us-east-1, for an escalation in Frankfurt.
 * const { pageTopic } = new EscalationForwarder(this, 'Pages', {
 *   name: 'guestbook-production',
 *   homeRegion: 'eu-central-1',
 *   fallbackEmails: ['office@example.com'],
 * });
 */
export class EscalationForwarder extends Construct {
  /** Action of alarms that page, for the states ALARM and OK. */
  readonly pageTopic: Topic;
  /** Fires when a page cannot be forwarded. */
  readonly undelivered: MetricAlarm;
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, props: EscalationForwarderProps) {
    super(scope, id);
    const { homeRegion, fallbackEmails = [], maintenance = [] } = props;
    const name = validName(this, props.name);
    const key = alarmKey(this, `Topics of ${name}`, props.encryptionKey);
    this.pageTopic = new AlarmTopic(this, 'Page', { topicName: pageTopicName(name), key }).topic;
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(deadLetters, 'SQS3', 'This queue is the dead-letter queue of a subscription.');
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
    for (const email of new Set(fallbackEmails)) fallback.addSubscription(new EmailSubscription(email));
    this.undelivered = escalationAlarm(this, 'EdgePageUndelivered', {
      name,
      meaning: 'An alarm in us-east-1 did not open an incident, so nobody was notified.',
      action:
        'Read the message in this dead-letter queue. Check that the escalation’s queue exists in its home region.',
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

  /**
   * Notifies people when an alarm of this package fires.
   * @param alarm an alarm of this stack
   * @param options how the alarm pages
   */
  page(alarm: MonitoringAlarm, options?: Pick<PageOptions, 'cause'>): void;
  /**
   * Notifies people when any alarm fires. The meaning, action and runbook replace the alarm's description.
   * @param alarm an alarm of this stack
   * @param options how the alarm pages, and the facts that messages contain
   */
  page(alarm: AlarmBase, options: Pick<PageOptions, 'cause'> & Omit<AlarmContext, 'severity'>): void;
  /** Notifies people when an alarm fires. */
  page(
    alarm: MonitoringAlarm | AlarmBase,
    options: Pick<PageOptions, 'cause'> & Partial<Omit<AlarmContext, 'severity'>> = {},
  ): void {
    this.routes.page(alarm, options);
  }
}
