import { Tags } from 'aws-cdk-lib';
import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';

/**
 * Who hears of an alarm: `page` wakes a person, `ticket` waits for working hours, `part` tells nobody by
 * itself, for it is one condition of an alarm that combines several.
 */
export type Severity = 'page' | 'ticket' | 'part';

/** What people need to know of an alarm; there is no alarm without it. */
export interface AlarmContext {
  /** What it means for users, in a sentence. */
  readonly meaning: string;
  /** What to do first, in a sentence. */
  readonly action: string;
  readonly severity: Severity;
  /** Heading of the runbook that says more, as `#server-cpu`. */
  readonly runbook: `#${string}`;
}

/** An alarm in words, as documents and escalations need it. */
export interface AlarmSummary extends AlarmContext {
  /** Stable within an environment, as `server-cpu`. */
  readonly id: string;
  /** The alarm's name in CloudWatch. */
  readonly name: string;
  /** When it fires. */
  readonly condition: string;
  /** What no data means to it. */
  readonly missingData: string;
  /** What keeps it from judging too few requests, or why nothing has to. */
  readonly lowTraffic: string;
}

/** Where runbooks are, from the repository's root. */
const RUNBOOKS = 'docs/runbook.md';
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

/**
 * An alarm that says what it means and what to do. Its name starts with the environment and its severity, as
 * `guestbook-production-page-`, so that whoever escalates or mutes finds it by its name.
 * @example
 * const names = MonitoringAlarm.in(this).map(({ summary }) => `${summary.name}: ${summary.condition}`);
 */
export abstract class MonitoringAlarm extends Construct {
  abstract readonly alarm: AlarmBase;
  abstract readonly summary: AlarmSummary;

  /** All of them in a part of the tree, in the order they were made. */
  static in(scope: IConstruct): MonitoringAlarm[] {
    return scope.node.findAll().filter((node) => node instanceof MonitoringAlarm);
  }

  /** What an alarm of this name prefix, severity and construct id is called. */
  protected static nameOf(prefix: string, severity: Severity, id: string): string {
    return `${prefix}-${severity}-${kebab(id)}`;
  }

  /** Tags the alarm, too: an event of CloudWatch has its name, a list of resources its tags. */
  protected finish(): void {
    Tags.of(this).add('severity', this.summary.severity);
  }

  /** The summary with all that follows from it, checked. */
  protected describe(
    prefix: string,
    facts: AlarmContext & Pick<AlarmSummary, 'condition' | 'missingData' | 'lowTraffic'>,
  ): { alarmName: string; alarmDescription: string; summary: AlarmSummary } {
    const { meaning, action, severity, runbook, condition, missingData, lowTraffic } = facts;
    const empty = Object.entries({ meaning, action, runbook: runbook.slice(1), lowTraffic })
      .filter(([, text]) => text.trim() === '')
      .map(([what]) => `'${what}' must say something`);
    const alarmDescription = [
      meaning,
      `Fires when ${condition}; no data: ${missingData}; few requests: ${lowTraffic}.`,
      `First: ${action}`,
      `Severity: ${severity}. Runbook: ${RUNBOOKS}${runbook}`,
    ].join('\n');
    if (alarmDescription.length > LONGEST_DESCRIPTION)
      empty.push(
        `meaning, condition and action must fit into ${LONGEST_DESCRIPTION} characters, got ${alarmDescription.length}; say it shorter`,
      );
    if (empty.length > 0) throw new ConstructError(this, empty);
    const alarmName = MonitoringAlarm.nameOf(prefix, severity, this.node.id);
    return {
      alarmName,
      alarmDescription,
      summary: {
        id: kebab(this.node.id),
        name: alarmName,
        meaning,
        action,
        severity,
        runbook,
        condition,
        missingData,
        lowTraffic,
      },
    };
  }
}

function kebab(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
