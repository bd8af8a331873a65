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

/** The construct's id decides the alarm's name. */
const TEST_ID = 'Test';

/** What the alarm of test pages is called. */
export function testAlarmName(name: string): string {
  return `${name}-page-${TEST_ID.toLowerCase()}`;
}

/**
 * Sees every week that pages arrive, and that somebody answers.
 *
 * Defines an alarm without data, and a schedule that has it fire: everything from the alarm's action on is as in
 * an incident, but only the first of the plan are told. Answered or not, the state machine sets the alarm back.
 */
export class TestPage extends Construct {
  readonly alarm: MetricAlarm;

  constructor(scope: Construct, id: string, { name, at, pageTopic }: TestPageProps) {
    super(scope, id);
    this.alarm = new MetricAlarm(this, TEST_ID, {
      name,
      meaning: 'This is a test: nothing is wrong.',
      action: 'Acknowledge it; a test nobody answers is a page nobody would have answered.',
      severity: 'page',
      runbook: '#test-page',
      metric: new Metric({
        namespace: `${name}/Escalation`,
        metricName: 'Test',
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      unit: 'tests; it is set by a schedule',
      threshold: { above: 0 },
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // It stays as it was set.
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
