import { Duration, Lazy, Token } from 'aws-cdk-lib';
import {
  type AlarmBase,
  AlarmRule,
  AlarmState,
  CfnAlarmMuteRule,
  type CfnCompositeAlarm,
  CompositeAlarm,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { type AlarmContext, MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { cfnAlarm, setCause } from './alarm-cause';
import { DEFAULT_CAUSE } from './alarm-notification';
import type { Suppressors } from './suppressors';

/** How an alarm pages. */
export interface PageOptions {
  /**
   * Cause that the alarm belongs to. Alarms of one cause form one incident, so people are notified once. Up to 30
   * lower-case letters, digits and hyphens.
   * @default 'application'
   */
  readonly cause?: string;
  /**
   * Alarms that explain this alarm. While one of them fires, this alarm notifies nobody.
   * @default - none
   */
  readonly explainedBy?: readonly MonitoringAlarm[];
  /**
   * Set to false to silence the alarm while the server is deployed. This requires `EscalationProps.deploymentMetric`.
   * Keep true for an alarm that rolls back a deployment.
   * @default true
   */
  readonly duringDeployments?: boolean;
}

/** A period in which alarms notify nobody. */
export interface MaintenanceWindow {
  /** Name of the window, unique within the escalation. */
  readonly name: string;
  /**
   * Start of the window: recurring, such as `cron(0 2 * * SUN)`, or one time, such as `at(2026-12-24T22:00)`.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
   */
  readonly schedule: string;
  /** IANA time zone of the schedule, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Length of the window: 1 minute to 15 days. */
  readonly duration: Duration;
}

/** Facts about an alarm that this package does not define. */
type Context = Omit<AlarmContext, 'severity'>;

export interface AlarmRoutesProps {
  /** Prefix of the mute rules' names. */
  readonly name: string;
  readonly pageTopic?: ITopic;
  readonly ticketTopic?: ITopic;
  readonly suppressors?: Suppressors;
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Time to wait for an explaining alarm that fires more slowly than the alarms it explains. */
const WAIT = Duration.minutes(2);
/** Time to keep suppressing after the explaining alarm has cleared, so that its effects can end. */
const EXTENSION = Duration.minutes(5);
/** Maximum number of alarms in one mute rule. */
const MOST_MUTED = 100;
const LONGEST_WINDOW = Duration.days(15);

/**
 * The actions of alarms.
 *
 * Adds actions to alarms. Defines a composite alarm for each alarm that others explain, and mute rules for maintenance
 * windows.
 */
export class AlarmRoutes extends Construct {
  private readonly told: AlarmBase[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmRoutesProps,
  ) {
    super(scope, id);
    const problems = windowProblems(props.maintenance);
    if (problems.length > 0) throw new ConstructError(this, problems);
    for (const { name, schedule, timeZone, duration } of props.maintenance) {
      new CfnAlarmMuteRule(this, `Maintenance-${name}`, {
        name: `${props.name}-${name}`,
        description: `Maintenance of ${props.name}: alarms notify nobody`,
        rule: {
          schedule: {
            expression: schedule,
            duration: duration.toIsoString(),
            timezone: timeZone,
          },
        },
        muteTargets: {
          alarmNames: Lazy.list({ produce: () => this.told.map(({ alarmName }) => alarmName) }),
        },
      });
    }
    this.node.addValidation({
      validate: () =>
        props.maintenance.length > 0 && this.told.length > MOST_MUTED
          ? [`a maintenance window can mute at most ${MOST_MUTED} alarms, got ${this.told.length}`]
          : [],
    });
  }

  page(alarm: MonitoringAlarm | AlarmBase, options: PageOptions & Partial<Context>): void {
    const { pageTopic } = this.props;
    if (!pageTopic) return;
    const { cause = DEFAULT_CAUSE, explainedBy = [], duringDeployments = true } = options;
    const paging = alarm instanceof MonitoringAlarm ? alarm.alarm : alarm;
    setCause(paging, cause, alarm instanceof MonitoringAlarm ? undefined : described(this, options));
    const others = explainedBy.filter((other) => other !== alarm);
    const suppressor = this.props.suppressors?.for(others, !duringDeployments);
    const teller = suppressor ? this.quiet(paging, suppressor) : paging;
    const action = new SnsAction(pageTopic);
    teller.addAlarmAction(action);
    teller.addOkAction(action);
    this.told.push(teller);
  }

  ticket(alarm: MonitoringAlarm | AlarmBase): void {
    if (!this.props.ticketTopic) return;
    const waiting = alarm instanceof MonitoringAlarm ? alarm.alarm : alarm;
    waiting.addAlarmAction(new SnsAction(this.props.ticketTopic));
    this.told.push(waiting);
  }

  /**
   * Returns an alarm that can be suppressed. CloudWatch suppresses composite alarms only, so a metric alarm is wrapped
   * in one.
   */
  private quiet(alarm: AlarmBase, suppressor: AlarmBase): AlarmBase {
    const composite =
      alarm instanceof CompositeAlarm
        ? alarm
        : new CompositeAlarm(this, `Told${alarm.node.addr.slice(-8)}`, {
            // CloudFormation names this alarm too if it names the other.
            compositeAlarmName: givenName(cfnAlarm(alarm).alarmName),
            alarmDescription: cfnAlarm(alarm).alarmDescription,
            alarmRule: AlarmRule.fromAlarm(alarm, AlarmState.ALARM),
          });
    const cfn = cfnAlarm(composite) as CfnCompositeAlarm;
    cfn.actionsSuppressor = suppressor.alarmArn;
    cfn.actionsSuppressorWaitPeriod = WAIT.toSeconds();
    cfn.actionsSuppressorExtensionPeriod = EXTENSION.toSeconds();
    return composite;
  }
}

function givenName(name: string | undefined): string | undefined {
  return name === undefined || Token.isUnresolved(name) ? undefined : `${name}-told`;
}

function windowProblems(windows: readonly MaintenanceWindow[]): string[] {
  return windows
    .filter(({ duration }) => {
      const minutes = duration.toMinutes({ integral: false });
      return minutes < 1 || minutes > LONGEST_WINDOW.toMinutes();
    })
    .map(
      ({ name, duration }) =>
        `'duration' of the maintenance window '${name}' must be 1 minute to 15 days, got ${duration.toHumanString()}`,
    );
}

function described(scope: Construct, { meaning, action, runbook }: Partial<Context>): string {
  const problems = Object.entries({ meaning, action, runbook })
    .filter(([, text]) => !text?.trim())
    .map(([what]) => `'${what}' must not be empty; the person who is notified reads it`);
  if (problems.length > 0) throw new ConstructError(scope, problems);
  return [meaning, `First: ${action}`, `Severity: page. Runbook: ${runbook}`].join('\n');
}
