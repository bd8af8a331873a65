import { Duration, Token } from 'aws-cdk-lib';
import {
  type IWidget,
  MathExpression,
  SingleValueWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';
import { CombinedAlarm } from './combined-alarm';
import { latePeriods } from './late-data';
import { MetricAlarm, words } from './metric-alarm';
import type { AlarmContext, Severity } from './monitoring-alarm';

/** Properties of a `ServiceLevel`. */
export interface ServiceLevelProps extends Pick<AlarmContext, 'action' | 'runbook'> {
  /**
   * Prefix of the alarms' names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Objective in words, such as `requests are answered without a 5xx`. */
  readonly promise: string;
  /** Percentage of good requests over 30 days, from 95 to 99.99. */
  readonly objective: number;
  /** Percentage of bad requests. Each window sets its own period. */
  readonly badPercent: MathExpression;
  /** Number of all requests. Each window sets its own period. */
  readonly requests: MathExpression;
  /**
   * Minimum number of bad requests in a window. With fewer, the alarms do not fire.
   * @default 10
   */
  readonly minimumBadRequests?: number;
}

interface Pair {
  readonly id: string;
  /** Multiple of the rate that uses up the error budget in exactly 30 days. */
  readonly burnRate: number;
  readonly long: { readonly period: Duration; readonly periods: number };
  readonly short: Duration;
  readonly severity: Exclude<Severity, 'part'>;
  readonly meaning: string;
}

/**
 * Pairs of windows. The long window shows that the burn is significant. The short window shows that it is still going
 * on.
 *
 * An alarm can evaluate at most seven days, in periods of at most one day. One value cannot cover the three days of
 * the slow pair, so each of the three days must burn by itself. This is stricter than their average. The other pairs
 * detect a burn of less than a day that would raise the average.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
const PAIRS: readonly Pair[] = [
  {
    id: 'FastBurn',
    burnRate: 14.4,
    long: { period: Duration.hours(1), periods: 1 },
    short: Duration.minutes(5),
    severity: 'page',
    meaning: '2 % of the month’s error budget was used within one hour',
  },
  {
    id: 'Burn',
    burnRate: 6,
    long: { period: Duration.hours(6), periods: 1 },
    short: Duration.minutes(30),
    severity: 'page',
    meaning: '5 % of the month’s error budget was used within six hours',
  },
  {
    id: 'SlowBurn',
    burnRate: 1,
    long: { period: Duration.days(1), periods: 3 },
    short: Duration.hours(6),
    severity: 'ticket',
    meaning: 'for three days, the error budget has been used faster than it lasts for the month',
  },
];

/**
 * A service level objective, with alarms on the burn rate of its error budget.
 *
 * Defines three alarms, each over two windows. The alarms over one hour and over six hours page. The alarm over three
 * days sends a ticket.
 * @example
 * const requests = new MathExpression({ expression: 'all', usingMetrics: { all: server.metricRequests() } });
 * new ServiceLevel(this, 'Availability', {
 *   name: 'guestbook-production',
 *   promise: 'requests are answered without a 5xx',
 *   objective: 99.9,
 *   badPercent: new MathExpression({
 *     expression: '100 * errors / all',
 *     usingMetrics: { errors: server.metricServerErrors(), all: server.metricRequests() },
 *   }),
 *   requests,
 *   action: 'See which release is live, and roll back if it is new.',
 *   runbook: '#availability',
 * });
 */
export class ServiceLevel extends Construct {
  /** Alarms on the error budget, from the fastest burn to the slowest. */
  readonly alarms: readonly CombinedAlarm[];
  /** Percentage of bad requests. */
  readonly badPercent: MathExpression;
  /** Percentage of good requests over 30 days. */
  readonly objective: number;

  constructor(scope: Construct, id: string, props: ServiceLevelProps) {
    super(scope, id);
    const { objective, badPercent } = props;
    const problems = nameProblems(props.name);
    if (!Token.isUnresolved(objective) && !(objective >= 95 && objective <= 99.99))
      problems.push(
        `'objective' must be 95 to 99.99 %, got ${objective}; with a lower value, ${PAIRS[0]!.burnRate} times the error budget exceeds all requests`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);
    this.objective = objective;
    this.badPercent = badPercent;
    this.alarms = PAIRS.map((pair) => this.pair(id, pair, props));
  }

  /**
   * Returns a dashboard widget with the remaining error budget of 30 days in percent. The value is negative if the
   * budget is overspent.
   * @param title heading of the widget
   * @param width number of columns, of 24
   */
  budgetWidget(title: string, width: number): IWidget {
    return new SingleValueWidget({
      title,
      width,
      height: 6,
      start: '-P30D',
      end: 'P0D',
      setPeriodToTimeRange: true,
      metrics: [
        new MathExpression({
          expression: `100 - 100 * FILL(spent, 0) / ${budget(this.objective)}`,
          usingMetrics: { spent: this.badPercent },
          label: `% left of ${budget(this.objective)} % (${this.objective} % promised)`,
          period: Duration.days(30),
        }),
      ],
    });
  }

  private pair(id: string, pair: Pair, props: ServiceLevelProps): CombinedAlarm {
    const { promise, objective, action, runbook, minimumBadRequests = 10 } = props;
    const name = physicalName(this, props.name);
    const { burnRate, long, short } = pair;
    const limit = round(burnRate * budget(objective));
    const window = (suffix: string, period: Duration, periods: number) => {
      const badPercent = props.badPercent.with({ period });
      return new MetricAlarm(this, `${id}${pair.id}${suffix}`, {
        name,
        meaning: `${suffix} window of ${id.toLowerCase()}: the error budget burns at ${burnRate} times the sustainable rate.`,
        action: 'None: this is one condition of another alarm.',
        severity: 'part',
        runbook,
        metric: badPercent,
        unit: '% of requests miss the objective',
        threshold: { above: limit },
        evaluationPeriods: periods + latePeriods(period),
        datapointsToAlarm: periods,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        trafficGate: {
          // With few requests, one bad request is a large percentage. A high objective allows few bad requests at all.
          requests: new MathExpression({
            expression: 'judged * allRequests / 100',
            usingMetrics: { judged: badPercent, allRequests: props.requests.with({ period }) },
            period,
            label: 'bad requests',
          }),
          minimum: minimumBadRequests,
          unit: 'requests that miss the objective',
        },
      });
    };
    const length = words(long.period);
    const span = long.periods === 1 ? length : `each of ${long.periods} days`;
    const late = latePeriods(short);
    const recently =
      late === 0
        ? words(short)
        : `${words(short)} of the last ${words(Duration.seconds((1 + late) * short.toSeconds()))}`;
    return new CombinedAlarm(this, `${id}${pair.id}`, {
      name,
      meaning: `Objective: ${objective} % of ${promise}; ${pair.meaning}.`,
      action,
      severity: pair.severity,
      runbook,
      requires: 'all',
      alarms: [window('Long', long.period, long.periods), window('Short', short, 1)],
      condition: `more than ${limit} % of requests miss the objective, both over ${span} and over ${recently}`,
      missingData: 'good',
      trafficGate: `not judged below ${minimumBadRequests} requests that miss the objective in either window`,
    });
  }
}

/** Returns the error budget: the percentage of requests that may be bad. */
function budget(objective: number): number {
  return round(100 - objective);
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
