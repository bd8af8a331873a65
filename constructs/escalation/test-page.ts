import { ArnFormat, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { MetricAlarm } from '../monitoring/metric-alarm';
import { setCause } from './alarm-cause';
import { TEST_CAUSE } from './alarm-notification';
import type { WeeklyTime } from './escalation-plan';

export interface TestPageProps {
  /** Prefix of the alarm's name. */
  readonly name: string;
  readonly at: WeeklyTime;
  readonly pageTopic: ITopic;
}

/** Id of the alarm's construct, which is part of the alarm's name. */
const TEST_ID = 'Test';

/** Name of the alarm of test pages. */
export function testAlarmName(name: string): string {
  return `${name}-page-${TEST_ID.toLowerCase()}`;
}

/**
 * A weekly test that pages arrive and somebody acknowledges.
 *
 * Defines an alarm without data, and a schedule that sets its state to ALARM. The alarm opens an incident that
 * notifies only the first step of the plan. The state machine resets the alarm, acknowledged or not.
 */
export class TestPage extends Construct {
  readonly alarm: MetricAlarm;

  constructor(scope: Construct, id: string, { name, at, pageTopic }: TestPageProps) {
    super(scope, id);
    this.alarm = new MetricAlarm(this, TEST_ID, {
      name,
      meaning: 'This is a test. Nothing is wrong.',
      action: 'Acknowledge the page. An unanswered test shows that nobody would answer a real page.',
      severity: 'page',
      runbook: '#test-page',
      metric: new Metric({
        namespace: `${name}/Escalation`,
        metricName: 'Test',
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      unit: 'tests; a schedule sets the state',
      threshold: { above: 0 },
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // The alarm keeps the state that the schedule sets, because it has no data.
      treatMissingData: TreatMissingData.IGNORE,
      trafficGate: { ungated: 'no traffic' },
    });
    setCause(this.alarm.alarm, TEST_CAUSE);
    this.alarm.alarm.addAlarmAction(new SnsAction(pageTopic));

    const [hour, minute] = at.time.split(':') as [string, string];
    const alarmArn = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: testAlarmName(name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const schedule = new Schedule(this, 'Schedule', {
      description: `Sends a test page of ${name}`,
      schedule: ScheduleExpression.cron({
        minute: String(Number(minute)),
        hour: String(Number(hour)),
        weekDay: at.weekday.slice(0, 3).toUpperCase(),
        timeZone: TimeZone.of(at.timeZone),
      }),
      target: new Universal({
        service: 'cloudwatch',
        action: 'setAlarmState',
        input: ScheduleTargetInput.fromObject({
          AlarmName: testAlarmName(name),
          StateValue: 'ALARM',
          StateReason: 'The weekly test page',
        }),
        policyStatements: [
          new PolicyStatement({ actions: ['cloudwatch:SetAlarmState'], resources: [alarmArn] }),
        ],
      }),
    });
    schedule.node.addDependency(this.alarm);
  }
}
