import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** What counts as a bad release, watched while and after traffic moves. */
export interface RollbackThresholds {
  /**
   * Share of a colour's requests that end in a 5xx or in no connection, in percent.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * Time within which 95 % of a colour's answers must come.
   * @default Duration.seconds(2)
   */
  readonly latencyP95?: Duration;
  /**
   * Requests a minute below which a colour's errors and latency are not judged.
   * @default 10
   */
  readonly minimumRequests?: number;
}

/** What counts as a bad release, and what a firing alarm means for the next one. */
export interface RollbackOptions extends RollbackThresholds {
  /**
   * Whether a new release is refused while a rollback alarm is firing, for the alarm could not judge it.
   * `'warn'` breaks the glass: for the release that ends the trouble.
   * @default 'refuse'
   */
  readonly whenFiring?: 'refuse' | 'warn';
}

export interface RollbackAlarmsProps extends RollbackThresholds {
  /** Prefix of the alarms' fixed names. */
  readonly name: string;
  /** The colours; each must hang on a listener already. */
  readonly targetGroups: readonly ApplicationTargetGroup[];
}

const PERIOD = Duration.minutes(1);

/**
 * The alarms that undo a release.
 *
 * Defines three alarms (errors, latency, unhealthy tasks) that judge each colour by itself, so that a bad
 * canary shows whatever its share of the traffic.
 * @example
 * // A `ContainerServer` has made them.
 * const { errors, latency, unhealthy } = server.rollbackAlarms;
 * for (const alarm of [errors, latency, unhealthy]) alarm.addAlarmAction(new SnsAction(topic));
 */
export class RollbackAlarms extends Construct {
  readonly errors: Alarm;
  readonly latency: Alarm;
  readonly unhealthy: Alarm;
  /** Names as plain strings: a reference from the service would make a cycle. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);

    const { errorPercent = 5, latencyP95 = Duration.seconds(2), minimumRequests = 10 } = props;
    const names = ['errors', 'latency', 'unhealthy'].map((what) => `${props.name}-rollback-${what}`);
    this.names = names;

    this.errors = this.alarm('Errors', names[0]!, {
      metric: worst(props.targetGroups, `5xx of the worse colour, %`, (n, group) => [
        `IF(FILL(requests${n}, 0) >= ${minimumRequests}, ` +
          `100 * (FILL(errors${n}, 0) + FILL(refused${n}, 0)) / FILL(requests${n}, 1), 0)`,
        {
          [`requests${n}`]: metric(group, 'RequestCount', 'Sum'),
          [`errors${n}`]: metric(group, 'HTTPCode_Target_5XX_Count', 'Sum'),
          [`refused${n}`]: metric(group, 'TargetConnectionErrorCount', 'Sum'),
        },
      ]),
      threshold: errorPercent,
      periods: 2,
      description: `More than ${errorPercent} % of a colour's requests fail.`,
    });
    this.latency = this.alarm('Latency', names[1]!, {
      metric: worst(props.targetGroups, 'p95 of the slower colour, s', (n, group) => [
        `IF(FILL(requests${n}, 0) >= ${minimumRequests}, FILL(latency${n}, 0), 0)`,
        {
          [`requests${n}`]: metric(group, 'RequestCount', 'Sum'),
          [`latency${n}`]: metric(group, 'TargetResponseTime', 'p95'),
        },
      ]),
      threshold: latencyP95.toMilliseconds() / 1000,
      periods: 2,
      description: `5 % of a colour's answers take more than ${latencyP95.toMilliseconds()} ms.`,
    });
    this.unhealthy = this.alarm('Unhealthy', names[2]!, {
      metric: worst(props.targetGroups, 'unhealthy tasks of the worse colour', (n, group) => [
        `FILL(unhealthy${n}, 0)`,
        { [`unhealthy${n}`]: metric(group, 'UnHealthyHostCount', 'Maximum') },
      ]),
      threshold: 0,
      periods: 3,
      description: 'A task fails its health checks for minutes.',
    });
  }

  /** All of them, for monitoring to reuse. */
  get all(): readonly Alarm[] {
    return [this.errors, this.latency, this.unhealthy];
  }

  private alarm(
    id: string,
    alarmName: string,
    what: { metric: IMetric; threshold: number; periods: number; description: string },
  ): Alarm {
    return new Alarm(this, id, {
      alarmName,
      alarmDescription: `${what.description} Rolls a release back while it is being deployed.`,
      metric: what.metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: what.threshold,
      evaluationPeriods: what.periods,
      datapointsToAlarm: what.periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** The larger of the colours' values; either may have no data. */
function worst(
  groups: readonly ApplicationTargetGroup[],
  label: string,
  value: (colour: number, group: ApplicationTargetGroup) => [string, Record<string, IMetric>],
): IMetric {
  const colours = groups.map((group, index) => {
    const [expression, usingMetrics] = value(index + 1, group);
    return new MathExpression({ expression, usingMetrics, period: PERIOD, label: `colour ${index + 1}` });
  });
  if (colours.length === 1) return colours[0]!.with({ label });
  return new MathExpression({
    expression: `MAX([${colours.map((_, index) => `colour${index + 1}`).join(', ')}])`,
    usingMetrics: Object.fromEntries(colours.map((colour, index) => [`colour${index + 1}`, colour])),
    period: PERIOD,
    label,
  });
}

function metric(group: ApplicationTargetGroup, name: string, statistic: string): IMetric {
  return group.metrics.custom(name, { statistic, period: PERIOD });
}
