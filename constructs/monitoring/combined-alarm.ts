import { AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmContext, type AlarmSummary, MonitoringAlarm } from './monitoring-alarm';

/** Properties of a `CombinedAlarm`. */
export interface CombinedAlarmProps extends AlarmContext {
  /**
   * Prefix of the alarm's name, such as `guestbook-production`. Severity and construct id follow.
   * @default - derived from the stack's name and the path of the scope
   */
  readonly name?: string;
  /** Number of alarms that must fire: `all` of them, or `any` one. */
  readonly requires: 'all' | 'any';
  /** Alarms to combine: constructs, or names of alarms that are defined elsewhere. */
  readonly alarms: readonly (MonitoringAlarm | string)[];
  /**
   * Alarm that suppresses this one while it fires.
   * @default - none
   */
  readonly unless?: MonitoringAlarm;
  /** Condition under which the alarm fires, in words. */
  readonly condition: string;
  /** Meaning of missing data, in words. */
  readonly missingData: string;
  /** Traffic gate of the alarms in words, or the reason why they need none. */
  readonly trafficGate: string;
}

/**
 * An alarm on the states of other alarms. It needs the same documentation as a `MetricAlarm`.
 *
 * Defines the composite alarm.
 * @example
 * new CombinedAlarm(this, 'NobodyIsServed', {
 *   name: 'guestbook-production',
 *   meaning: 'Users get errors, and no task is left to answer them.',
 *   action: 'Roll back to the previous release.',
 *   severity: 'page',
 *   runbook: '#server-fails',
 *   requires: 'all',
 *   alarms: ['guestbook-production-rollback-errors', 'guestbook-production-rollback-unhealthy'],
 *   condition: 'errors while tasks are unhealthy',
 *   missingData: 'good',
 *   trafficGate: 'each of them judges for itself',
 * });
 */
export class CombinedAlarm extends MonitoringAlarm {
  /** The alarm in CloudWatch. */
  readonly alarm: CompositeAlarm;
  /** Description of the alarm in words. */
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
    const rule = props.requires === 'all' ? AlarmRule.allOf(...firing) : AlarmRule.anyOf(...firing);
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
