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
  /** Whether a test page is sent every week. */
  readonly tested: boolean;
}

const FIVE_MINUTES = Duration.minutes(5);
/** How often somebody looks whether messages would arrive. */
const LOOK_HOURS = 6;
/** Metrics an alarm can have. */
const MOST_METRICS = 9;

/**
 * Whether pages would reach people.
 *
 * Defines alarms on everything between an alarm and a person, a function that looks for addresses that were never
 * confirmed and for tests that nobody answered, and one action for all of it: the topic that takes another way.
 */
export class EscalationWatch extends Construct {
  readonly alarms: readonly MetricAlarm[];
  readonly handler: HandlerFunction;

  constructor(scope: Construct, id: string, props: EscalationWatchProps) {
    super(scope, id);
    const { name, intake, machine, acknowledgePage, topics } = props;
    this.handler = this.look(props);
    const { stateMachine } = machine;
    const handlers = [intake.handler, machine.choose, machine.tell, acknowledgePage.handler, this.handler];
    this.alarms = [
      escalationAlarm(this, 'EscalationFails', {
        name,
        meaning: 'The state machine that tells people has failed: an incident may be without anybody.',
        action: 'Open the failed execution; whatever fires now has to be looked at by hand.',
        metric: metricSum('executions', [
          stateMachine.metricFailed({ period: FIVE_MINUTES }),
          stateMachine.metricTimedOut({ period: FIVE_MINUTES }),
          stateMachine.metricAborted({ period: FIVE_MINUTES }),
        ]),
        unit: 'failed executions',
      }),
      escalationAlarm(this, 'EscalationDeadLetters', {
        name,
        meaning: 'An alarm has not become an incident: nobody was told of it.',
        action: 'Read the message in the queue of dead letters; then see why the function could not take it.',
        metric: intake.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'dead letters',
      }),
      escalationAlarm(this, 'EscalationDelay', {
        name,
        meaning: 'Alarms wait in the queue before anybody is told.',
        action: 'See whether the function that takes them fails, or the account has no concurrency left.',
        metric: intake.queue.metricApproximateAgeOfOldestMessage({
          period: FIVE_MINUTES,
          statistic: Stats.MAXIMUM,
        }),
        unit: 'seconds that the oldest message waits',
        threshold: { above: 120 },
      }),
      escalationAlarm(this, 'EscalationErrors', {
        name,
        meaning: 'A function between alarms and people fails, or is refused, again and again.',
        action:
          'Its log says why; without a line there, the account has no concurrency left, or somebody floods the acknowledge page.',
        metric: metricSum(
          'errors',
          handlers.flatMap(({ function: handler }) => [
            handler.metricErrors({ period: FIVE_MINUTES }),
            handler.metricThrottles({ period: FIVE_MINUTES }),
          ]),
        ),
        unit: 'errors and refusals',
        threshold: { above: 2 },
      }),
      escalationAlarm(this, 'EscalationUnready', {
        name,
        meaning: 'A page would not reach everybody: an address is not confirmed, or no test was answered.',
        action:
          'The log of the function that watches names whom; have them confirm, or answer the next test.',
        metric: new Metric({
          namespace: `${name}/Escalation`,
          metricName: PROBLEMS_METRIC,
          statistic: Stats.MAXIMUM,
          period: Duration.hours(LOOK_HOURS),
        }),
        unit: 'problems found',
        // From its first look on it has to go on looking.
        treatMissingData: TreatMissingData.IGNORE,
      }),
      ...chunks(Object.values(topics.contacts), MOST_METRICS).map((some, index) =>
        escalationAlarm(this, `EscalationUndelivered${index === 0 ? '' : index + 1}`, {
          name,
          meaning: 'A message to a person could not be delivered; text messages end at the spending limit.',
          action: 'See the delivery logs of SNS, its limit of spending, and whether a number has opted out.',
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
    for (const { alarm } of this.alarms) alarm.addAlarmAction(new SnsAction(topics.fallback));
  }

  private look(props: EscalationWatchProps): HandlerFunction {
    const { name, incidents, topics, tested } = props;
    const { watched } = topics;
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'escalation-watch',
      description: `Looks whether pages of ${name} would reach people`,
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
      description: `Looks whether pages of ${name} would reach people`,
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
