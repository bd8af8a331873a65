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
/** Time between two checks whether messages would arrive. */
const LOOK_HOURS = 6;
/** Number of metrics that an alarm can have. */
const MOST_METRICS = 9;

/**
 * Alarms on the escalation itself.
 *
 * Defines alarms on each part between an alarm and a person, and a function that looks for addresses that are not
 * confirmed and for test pages without an answer. The action of all alarms is the fallback topic.
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

  /** Alarms on the way from an alarm to an incident, and on the state machine. */
  private incidentAlarms({ name, intake, machine: { stateMachine } }: EscalationWatchProps): MetricAlarm[] {
    return [
      escalationAlarm(this, 'EscalationFails', {
        name,
        meaning: 'The state machine that notifies people has failed: an incident may be without anybody.',
        action: 'Open the failed execution; look yourself at all alarms that fire now.',
        metric: metricSum('executions', [
          stateMachine.metricFailed({ period: FIVE_MINUTES }),
          stateMachine.metricTimedOut({ period: FIVE_MINUTES }),
          stateMachine.metricAborted({ period: FIVE_MINUTES }),
        ]),
        unit: 'failed executions',
      }),
      escalationAlarm(this, 'EscalationDeadLetters', {
        name,
        meaning: 'An alarm has not become an incident: nobody was notified of it.',
        action: 'Read the message in the queue of dead letters; then see why the function could not take it.',
        metric: intake.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'dead letters',
      }),
      escalationAlarm(this, 'EscalationDelay', {
        name,
        meaning: 'Alarms wait in the queue before anybody is notified.',
        action: 'See whether the function that takes them fails, or the account has no concurrency left.',
        metric: intake.queue.metricApproximateAgeOfOldestMessage({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'seconds that the oldest message waits',
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
      meaning: 'A function between alarms and people fails or is throttled, again and again.',
      action:
        'Read the function’s log; without an error there, the account has no concurrency left, or somebody floods the acknowledge page.',
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

  /** Alarms on the way from a message to a person. */
  private deliveryAlarms({ name, topics }: EscalationWatchProps): MetricAlarm[] {
    return [
      escalationAlarm(this, 'EscalationUnready', {
        name,
        meaning: 'A page would not reach everybody: an address is not confirmed, or no test was answered.',
        action: 'The watching function’s log names the people; have them confirm, or answer the next test.',
        metric: new Metric({
          namespace: `${name}/Escalation`,
          metricName: PROBLEMS_METRIC,
          statistic: Stats.MAXIMUM,
          period: Duration.hours(LOOK_HOURS),
        }),
        unit: 'problems found',
        // A check that stops must not clear the alarm.
        treatMissingData: TreatMissingData.IGNORE,
      }),
      ...chunks(Object.values(topics.contacts), MOST_METRICS).map((some, index) =>
        escalationAlarm(this, `EscalationUndelivered${index === 0 ? '' : index + 1}`, {
          name,
          meaning: 'A message to a person could not be delivered; text messages end at the spending limit.',
          action:
            'See in SNS, under text messaging, the limit of spending and whether a number has opted out.',
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
