import { Tags } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';

/**
 * Urgency of an alarm. A `page` wakes a person. A `ticket` waits for working hours. A `part` notifies nobody, because
 * it is one condition of a `CombinedAlarm`.
 */
export type Severity = 'page' | 'ticket' | 'part';

/** Facts about an alarm for the person who is notified. */
export interface AlarmContext {
  /** Effect on users, in one sentence. */
  readonly meaning: string;
  /** First step of the person who is notified, in one sentence. */
  readonly action: string;
  /** Urgency of the alarm. */
  readonly severity: Severity;
  /** Runbook: a heading of `docs/runbook.md` such as `#server-cpu`, or the path or address of your own runbook. */
  readonly runbook: string;
}

/** Description of an alarm in words, for documents and escalation messages. */
export interface AlarmSummary extends AlarmContext {
  /** Identifier that stays the same within an environment, such as `server-cpu`. */
  readonly id: string;
  /** Name of the alarm in CloudWatch. */
  readonly name: string;
  /** Condition under which the alarm fires. */
  readonly condition: string;
  /** Meaning of missing data. */
  readonly missingData: string;
  /** Traffic gate in words, or the reason why the alarm needs none. */
  readonly trafficGate: string;
}

/** Runbook of this package's alarms, relative to the root of the repository. */
const RUNBOOK = 'docs/runbook.md';
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

/**
 * An alarm that documents its meaning and the first action. Its name begins with a prefix and its severity, such as
 * `guestbook-production-page-`, so that escalations and mute rules can match it by name.
 * @example
 * const names = MonitoringAlarm.in(this).map(({ summary }) => `${summary.name}: ${summary.condition}`);
 */
export abstract class MonitoringAlarm extends Construct {
  /** The alarm in CloudWatch. */
  abstract readonly alarm: AlarmBase;
  /** Description of the alarm in words. */
  abstract readonly summary: AlarmSummary;

  /**
   * Returns all alarms below a construct, in the order of their creation.
   * @param scope a construct, such as a stack
   */
  static in(scope: IConstruct): MonitoringAlarm[] {
    return scope.node.findAll().filter((node) => node instanceof MonitoringAlarm);
  }

  /**
   * Tags the alarm with its severity. CloudWatch events contain the name of an alarm; resource lists contain its tags.
   */
  protected finish(): void {
    Tags.of(this).add('severity', this.summary.severity);
  }

  /** Validates the facts about the alarm and returns its name, description and summary. */
  protected describe(
    prefix: string | undefined,
    facts: AlarmContext & Pick<AlarmSummary, 'condition' | 'missingData' | 'trafficGate'>,
  ): { alarmName: string; alarmDescription: string; summary: AlarmSummary } {
    const { meaning, action, severity, runbook, condition, missingData, trafficGate } = facts;
    const empty = Object.entries({ meaning, action, runbook: runbook.replace(/^#/, ''), trafficGate })
      .filter(([, text]) => text.trim() === '')
      .map(([what]) => `'${what}' must say something`);
    const problems = [...nameProblems(prefix), ...empty];
    const alarmDescription = [
      meaning,
      `Fires when ${condition}; no data: ${missingData}; few requests: ${trafficGate}.`,
      `First: ${action}`,
      `Severity: ${severity}. Runbook: ${runbook.startsWith('#') ? RUNBOOK : ''}${runbook}`,
    ].join('\n');
    if (alarmDescription.length > LONGEST_DESCRIPTION)
      problems.push(
        `'meaning', 'condition' and 'action' must fit into ${LONGEST_DESCRIPTION} characters with the rest of the description, got ${alarmDescription.length}; shorten them`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);
    const id = kebab(this.node.id);
    // The name comes from the scope, because the alarms of one scope differ in their ids.
    const alarmName = `${physicalName(this.node.scope!, prefix)}-${severity}-${id}`;
    const summary = {
      id,
      name: alarmName,
      meaning,
      action,
      severity,
      runbook,
      condition,
      missingData,
      trafficGate,
    };
    return { alarmName, alarmDescription, summary };
  }
}

function kebab(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
