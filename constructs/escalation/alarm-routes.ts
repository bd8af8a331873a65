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
   * What one incident gathers: alarms of the same cause are told once, not each by itself.
   * @default 'application'
   */
  readonly cause?: string;
  /**
   * Alarms that explain this one: while one of them fires, this one tells nobody.
   * @default none
   */
  readonly explainedBy?: readonly MonitoringAlarm[];
  /**
   * Whether it tells people while the server is deployed, as what takes a deployment back has to.
   * @default true
   */
  readonly duringDeployments?: boolean;
}

/** What an alarm of somebody else has to say of itself to page. */
export type ForeignMeaning = Pick<AlarmContext, 'meaning' | 'action'> & {
  /** Path of its runbook, or its address. */
  readonly runbook: string;
};

/** A time in which alarms tell nobody. */
export interface MaintenanceWindow {
  /** Unique within the environment. */
  readonly name: string;
  /** `cron(0 2 * * SUN)`, or once: `at(2026-12-24T22:00)`. */
  readonly schedule: string;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly minutes: number;
}

export interface AlarmRoutesProps {
  /** Prefix of the mute rules' names. */
  readonly name: string;
  readonly pageTopic?: ITopic;
  readonly ticketTopic?: ITopic;
  readonly suppressors?: Suppressors;
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Until a cause that fires more slowly than what it causes has had its time to fire. */
const WAIT = Duration.minutes(2);
/** Until what a cause has left behind is over, too. */
const EXTENSION = Duration.minutes(5);
/** What a mute rule takes. */
const MOST_MUTED = 100;

/**
 * Which alarm tells whom.
 *
 * Defines the actions of alarms, a composite alarm for each that others may explain, and the rules that mute all
 * of them during maintenance.
 */
export class AlarmRoutes extends Construct {
  private readonly told: AlarmBase[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmRoutesProps,
  ) {
    super(scope, id);
    for (const { name, schedule, timeZone, minutes } of props.maintenance) {
      new CfnAlarmMuteRule(this, `Maintenance-${name}`, {
        name: `${props.name}-${name}`,
        description: `Maintenance of ${props.name}: alarms tell nobody`,
        rule: {
          schedule: {
            expression: schedule,
            duration: Duration.minutes(minutes).toIsoString(),
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
          ? [`maintenance mutes at most ${MOST_MUTED} alarms, got ${this.told.length}`]
          : [],
    });
  }

  page(alarm: MonitoringAlarm | AlarmBase, options: PageOptions & Partial<ForeignMeaning>): void {
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

  /** Only composite alarms can be suppressed: an alarm on a metric gets one of its own. */
  private quiet(alarm: AlarmBase, suppressor: AlarmBase): AlarmBase {
    const composite =
      alarm instanceof CompositeAlarm
        ? alarm
        : new CompositeAlarm(this, `Told${alarm.node.addr.slice(-8)}`, {
            // A name that is made by CloudFormation makes one here, too.
            compositeAlarmName: toldName(cfnAlarm(alarm).alarmName),
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

function toldName(name: string | undefined): string | undefined {
  return name === undefined || Token.isUnresolved(name) ? undefined : `${name}-told`;
}

function described(scope: Construct, { meaning, action, runbook }: Partial<ForeignMeaning>): string {
  const problems = Object.entries({ meaning, action, runbook })
    .filter(([, text]) => !text?.trim())
    .map(([what]) => `'${what}' must say something: whoever is woken reads it`);
  if (problems.length > 0) throw new ConstructError(scope, problems);
  return [meaning, `First: ${action}`, `Severity: page. Runbook: ${runbook}`].join('\n');
}
