import { AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmContext, type AlarmSummary, MonitoringAlarm } from './monitoring-alarm';

export interface CombinedAlarmProps extends AlarmContext {
  /** Prefix of the alarm's name, as `guestbook-production`. */
  readonly name: string;
  /** Which of the alarms have to fire. */
  readonly fires: 'when all do' | 'when any does';
  /** The alarms that are combined: of this stack, or names of those that others made. */
  readonly alarms: readonly (MonitoringAlarm | string)[];
  /**
   * While this one fires, the combination does not.
   * @default none
   */
  readonly unless?: MonitoringAlarm;
  /** When they fire, in words. */
  readonly condition: string;
  /** What no data means to them. */
  readonly missingData: string;
  /** What keeps them from judging too few requests, or why nothing has to. */
  readonly lowTraffic: string;
}

/**
 * An alarm on the state of others; it says as much of itself as one on a metric does.
 *
 * Defines the composite alarm.
 * @example
 * new CombinedAlarm(this, 'NobodyIsServed', {
 *   name: 'guestbook-production',
 *   meaning: 'Users get errors, and no task is left to answer them.',
 *   action: 'Roll back to the former release.',
 *   severity: 'page',
 *   runbook: '#server-fails',
 *   fires: 'when all do',
 *   alarms: ['guestbook-production-rollback-errors', 'guestbook-production-rollback-unhealthy'],
 *   condition: 'errors while tasks are unhealthy',
 *   missingData: 'good',
 *   lowTraffic: 'each of them judges for itself',
 * });
 */
export class CombinedAlarm extends MonitoringAlarm {
  readonly alarm: CompositeAlarm;
  readonly summary: AlarmSummary;

  constructor(scope: Construct, id: string, props: CombinedAlarmProps) {
    super(scope, id);
    const { alarmName, alarmDescription, summary } = this.describe(props.name, props);
    this.summary = summary;

    const firing = props.alarms.map((alarm) =>
      typeof alarm === 'string'
        ? AlarmRule.fromString(`ALARM("${alarm}")`)
        : AlarmRule.fromAlarm(alarm.alarm, AlarmState.ALARM),
    );
    const rule = props.fires === 'when all do' ? AlarmRule.allOf(...firing) : AlarmRule.anyOf(...firing);
    this.alarm = new CompositeAlarm(this, 'Resource', {
      compositeAlarmName: alarmName,
      alarmDescription,
      alarmRule: props.unless
        ? AlarmRule.allOf(rule, AlarmRule.not(AlarmRule.fromAlarm(props.unless.alarm, AlarmState.ALARM)))
        : rule,
    });
    this.finish();
  }
}
