import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import type { MetricAlarm } from '../monitoring/metric-alarm';
import type { AcknowledgePage } from './acknowledge-page';
import { escalationAlarm } from './escalation-alarm';
import type { EscalationIntake } from './escalation-intake';
import type { EscalationMachine } from './escalation-machine';
import type { EscalationTopics } from './escalation-topics';
import type { IncidentTable } from './incident-table';
import { metricSum } from './metric-sum';
import { PROBLEMS_METRIC, SETTINGS, type WatchSettings } from './settings';

export interface EscalationWatchProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  readonly incidents: IncidentTable;
  readonly intake: EscalationIntake;
  readonly machine: EscalationMachine;
  readonly acknowledgePage: AcknowledgePage;
  readonly topics: EscalationTopics;
  /** True if a test page is sent every week. */
  readonly tested: boolean;
}

const FIVE_MINUTES = Duration.minutes(5);
/** Hours between two checks of message delivery. */
const LOOK_HOURS = 6;
/** Maximum number of metrics in one alarm. */
const MOST_METRICS = 9;

/**
 * Alarms on the escalation itself.
 *
 * Defines alarms on each part between an alarm and a person, and a function that finds unconfirmed addresses and
 * unanswered test pages. All alarms notify the fallback topic.
 */
export class EscalationWatch extends Construct {
  /** Alarms on the escalation itself. */
  readonly alarms: readonly MetricAlarm[];

  constructor(scope: Construct, id: string, props: EscalationWatchProps) {
    super(scope, id);
    const handler = this.look(props);
    this.alarms = [
      ...this.incidentAlarms(props),
      this.errorAlarm(props, handler),
      ...this.deliveryAlarms(props),
    ];
    for (const { alarm } of this.alarms) alarm.addAlarmAction(new SnsAction(props.topics.fallback));
  }

  /** Alarms on the path from an alarm to an incident, and on the state machine. */
  private incidentAlarms({ name, intake, machine: { stateMachine } }: EscalationWatchProps): MetricAlarm[] {
    return [
      escalationAlarm(this, 'EscalationFails', {
        name,
        meaning:
          'The state machine that notifies people failed. An incident may be open without anybody being paged.',
        action: 'Open the failed execution, then check all alarms that fire now.',
        metric: metricSum('executions', [
          stateMachine.metricFailed({ period: FIVE_MINUTES }),
          stateMachine.metricTimedOut({ period: FIVE_MINUTES }),
          stateMachine.metricAborted({ period: FIVE_MINUTES }),
        ]),
        unit: 'failed executions',
      }),
      escalationAlarm(this, 'EscalationDeadLetters', {
        name,
        meaning: 'An alarm did not open an incident, so nobody was notified.',
        action:
          'Read the message in the dead-letter queue, then the log of the function that processes the queue.',
        metric: intake.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'dead letters',
      }),
      escalationAlarm(this, 'EscalationDelay', {
        name,
        meaning: 'Alarm notifications are delayed in the queue, so nobody has been notified of them yet.',
        action:
          'Check whether the function that processes the queue fails, or the account has no concurrency left.',
        metric: intake.queue.metricApproximateAgeOfOldestMessage({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'seconds since the oldest message was sent',
        threshold: { above: 120 },
      }),
    ];
  }

  private errorAlarm(
    { name, intake, machine, acknowledgePage }: EscalationWatchProps,
    watching: HandlerFunction,
  ): MetricAlarm {
    const handlers = [
      intake.handler,
      machine.selectRecipients,
      machine.notify,
      acknowledgePage.handler,
      watching,
    ];
    return escalationAlarm(this, 'EscalationErrors', {
      name,
      meaning: 'A function that notifies people fails or is throttled repeatedly.',
      action:
        'Read the function’s log. If it shows no error, check the account’s concurrency and the requests to the acknowledge page.',
      metric: metricSum(
        'errors',
        handlers.flatMap(({ function: handler }) => [
          handler.metricErrors({ period: FIVE_MINUTES }),
          handler.metricThrottles({ period: FIVE_MINUTES }),
        ]),
      ),
      unit: 'errors and throttles',
      threshold: { above: 2 },
    });
  }

  /** Alarms on the path from a message to a person. */
  private deliveryAlarms({ name, topics }: EscalationWatchProps): MetricAlarm[] {
    return [
      escalationAlarm(this, 'EscalationUnready', {
        name,
        meaning:
          'A page would not reach everybody: an address is not confirmed, or a test page was not acknowledged.',
        action:
          'Read the log of the checking function for the names. Ask these people to confirm, or acknowledge the next test page.',
        metric: new Metric({
          namespace: `${name}/Escalation`,
          metricName: PROBLEMS_METRIC,
          statistic: Stats.MAXIMUM,
          period: Duration.hours(LOOK_HOURS),
        }),
        unit: 'problems found',
        // Missing data must not clear the alarm.
        treatMissingData: TreatMissingData.IGNORE,
      }),
      ...chunks(Object.values(topics.contacts), MOST_METRICS).map((some, index) =>
        escalationAlarm(this, `EscalationUndelivered${index === 0 ? '' : index + 1}`, {
          name,
          meaning:
            'A message to a person could not be delivered. SNS stops text messages at the spending limit.',
          action:
            'In the SNS console, under text messaging, check the spending limit and the numbers that opted out.',
          metric: metricSum(
            'undelivered',
            some.map((topic) =>
              topic.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES, statistic: Stats.SUM }),
            ),
          ),
          unit: 'messages not delivered',
        }),
      ),
    ];
  }

  private look(props: EscalationWatchProps): HandlerFunction {
    const { name, incidents, topics, tested } = props;
    const { watched } = topics;
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'escalation-watch',
      description: `Checks whether pages of ${name} would reach people`,
      timeout: Duration.minutes(1),
      environment: {
        [SETTINGS]: Stack.of(this).toJsonString({
          name,
          table: incidents.table.tableName,
          topics: Object.fromEntries(
            Object.entries(watched).map(([whose, { topic, subscriptions }]) => [
              whose,
              { arn: topic.topicArn, subscriptions },
            ]),
          ),
          tested,
        } satisfies WatchSettings),
      },
    });
    incidents.grant(handler.function, 'GetItem');
    handler.function.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:DescribeTable'], resources: [incidents.table.tableArn] }),
    );
    handler.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['sns:GetTopicAttributes'],
        resources: Object.values(watched).map(({ topic }) => topic.topicArn),
      }),
    );
    new Rule(this, 'Schedule', {
      description: `Checks whether pages of ${name} would reach people`,
      schedule: Schedule.rate(Duration.hours(LOOK_HOURS)),
      targets: [new LambdaFunction(handler.function)],
    });
    return handler;
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
