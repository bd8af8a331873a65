import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** Thresholds of the rollback alarms. ECS watches these alarms from the traffic shift to the end of the bake time. */
export interface RollbackThresholds {
  /**
   * Percentage of a target group's requests that fail with a 5xx response or a refused connection.
   * @default 5
   */
  readonly errorPercent?: number;
  /**
   * 95th percentile of a target group's response time.
   * @default Duration.seconds(2)
   */
  readonly latencyP95?: Duration;
  /**
   * Number of requests per minute that a target group needs before its errors and latency count.
   * @default 10
   */
  readonly minimumRequests?: number;
}

/** Thresholds of the rollback alarms, and the effect of a firing alarm on the next release. */
export interface RollbackOptions extends RollbackThresholds {
  /**
   * Effect of a firing rollback alarm on a new release. `'refuse'` fails the release. ECS ignores an alarm that is
   * already firing when a deployment begins, so nothing would roll the release back. `'warn'` deploys the release
   * with suspended alarms. Use it for the release that fixes the cause of the alarm.
   * @default 'refuse'
   */
  readonly whenFiring?: 'refuse' | 'warn';
}

/** Properties of rollback alarms. */
export interface RollbackAlarmsProps extends RollbackThresholds {
  /** Prefix of the names of the alarms. */
  readonly name: string;
  /** Target groups of the server. A listener must already use each of them. */
  readonly targetGroups: readonly ApplicationTargetGroup[];
}

const PERIOD = Duration.minutes(1);
/**
 * Number of most recent periods that may have no data yet. `FILL` turns missing data into 0, so an alarm without these
 * extra periods would never fire.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const SPARE_PERIODS = 2;

/**
 * Alarms that roll back a release during its deployment.
 *
 * Defines three alarms: errors, latency and unhealthy tasks. Each alarm evaluates the worse of the two target groups,
 * so it detects a bad canary even at a small share of the traffic. A fourth alarm suspends the other three for one
 * deployment, because the release that the deployment replaces would make them fire.
 * @example
 * // `ContainerServer` defines the alarms.
 * const { errors, latency, unhealthy } = server.rollbackAlarms;
 * for (const alarm of [errors, latency, unhealthy]) alarm.addAlarmAction(new SnsAction(topic));
 */
export class RollbackAlarms extends Construct {
  /** Fires on 5xx responses and refused connections. */
  readonly errors: Alarm;
  /** Fires on slow responses. */
  readonly latency: Alarm;
  /** Fires on tasks that fail their health checks. */
  readonly unhealthy: Alarm;
  /**
   * Suspends the other alarms. If this alarm is in ALARM when a deployment begins, ECS ignores all alarms for the
   * whole deployment. A handler sets its state; metric data never changes it.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  readonly suspension: Alarm;
  /**
   * Names of the three alarms as plain strings. A reference from the service to an alarm would create a dependency
   * cycle.
   */
  readonly names: readonly string[];
  /** Names of all alarms that ECS watches, as plain strings. */
  readonly deploymentNames: readonly string[];

  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);

    const { errorPercent = 5, latencyP95 = Duration.seconds(2), minimumRequests = 10 } = props;
    const names = ['errors', 'latency', 'unhealthy'].map((what) => `${props.name}-rollback-${what}`);
    this.names = names;
    const suspensionName = `${props.name}-rollback-suspended`;
    this.deploymentNames = [...names, suspensionName];

    this.errors = this.alarm('Errors', names[0]!, {
      metric: worst(props.targetGroups, `5xx of the worse target group, %`, (n, group) => [
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
      description: `More than ${errorPercent} % of the requests to a target group fail.`,
    });
    this.latency = this.alarm('Latency', names[1]!, {
      metric: worst(props.targetGroups, 'p95 of the slower target group, s', (n, group) => [
        `IF(FILL(requests${n}, 0) >= ${minimumRequests}, FILL(latency${n}, 0), 0)`,
        {
          [`requests${n}`]: metric(group, 'RequestCount', 'Sum'),
          [`latency${n}`]: metric(group, 'TargetResponseTime', 'p95'),
        },
      ]),
      threshold: latencyP95.toMilliseconds() / 1000,
      periods: 2,
      description: `5 % of a target group's responses take more than ${latencyP95.toMilliseconds()} ms.`,
    });
    this.unhealthy = this.alarm('Unhealthy', names[2]!, {
      metric: worst(props.targetGroups, 'unhealthy tasks of the worse target group', (n, group) => [
        // New tasks are unhealthy until they answer. The watchdog enforces the time limit for that (`healthyWithin`).
        `IF(FILL(requests${n}, 0) + FILL(healthy${n}, 0) > 0, FILL(unhealthy${n}, 0), 0)`,
        {
          [`requests${n}`]: metric(group, 'RequestCount', 'Sum'),
          [`healthy${n}`]: metric(group, 'HealthyHostCount', 'Maximum'),
          [`unhealthy${n}`]: metric(group, 'UnHealthyHostCount', 'Maximum'),
        },
      ]),
      threshold: 0,
      periods: 3,
      description:
        'A task has failed its health checks for minutes, in a target group that has requests or healthy tasks.',
    });
    this.suspension = new Alarm(this, 'Suspension', {
      alarmName: suspensionName,
      alarmDescription:
        'While this alarm is in ALARM, ECS ignores the rollback alarms of a deployment that begins. A custom resource sets it ' +
        'to ALARM during a stack rollback, and to OK afterwards.',
      metric: new Metric({
        namespace: 'framework53',
        metricName: 'NoData',
        dimensionsMap: { Alarm: suspensionName },
        period: PERIOD,
      }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      // Without data, CloudWatch keeps the state that the handler has set.
      treatMissingData: TreatMissingData.IGNORE,
    });
  }

  /** The three alarms that can roll back a release. */
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
      alarmDescription: `${what.description} Rolls a release back during its deployment.`,
      metric: what.metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: what.threshold,
      evaluationPeriods: what.periods + SPARE_PERIODS,
      datapointsToAlarm: what.periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Returns the maximum over the target groups. Each target group may have no data. */
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
