import { Duration, Token } from 'aws-cdk-lib';
import { type IWidget, MathExpression, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { CombinedAlarm } from './combined-alarm';
import { MetricAlarm, words } from './metric-alarm';
import type { Severity } from './monitoring-alarm';

export interface ServiceLevelProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  /** What is promised, as `requests are answered without a 5xx`. */
  readonly promise: string;
  /** Share of requests that keep the promise over 30 days, in percent: 95 to 99.99. */
  readonly objective: number;
  /** Share of requests that break it, in percent; its period is set by each window. */
  readonly badPercent: MathExpression;
  /** All requests; its period is set by each window. */
  readonly requests: MathExpression;
  /**
   * Requests in a window below which it is not judged.
   * @default 100
   */
  readonly minimumRequests?: number;
  /** What to do first. */
  readonly action: string;
  /** Heading of the runbook. */
  readonly runbook: `#${string}`;
}

interface Pair {
  readonly id: string;
  /** Times the rate that would use up the budget in exactly 30 days. */
  readonly burnRate: number;
  readonly long: { readonly period: Duration; readonly periods: number };
  readonly short: Duration;
  readonly severity: Exclude<Severity, 'part'>;
  readonly meaning: string;
}

/**
 * Pairs of windows: the long one says that it matters, the short one that it still goes on.
 *
 * An alarm looks back seven days at most and its period is a day at most, so no single value covers the
 * three days of the slow pair: each of three days has to burn by itself. That is stricter than their average:
 * a burn of less than a day must exceed it by so much that the pairs before see it.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
const PAIRS: readonly Pair[] = [
  {
    id: 'FastBurn',
    burnRate: 14.4,
    long: { period: Duration.hours(1), periods: 1 },
    short: Duration.minutes(5),
    severity: 'page',
    meaning: '2 % of the month’s error budget went within an hour',
  },
  {
    id: 'Burn',
    burnRate: 6,
    long: { period: Duration.hours(6), periods: 1 },
    short: Duration.minutes(30),
    severity: 'page',
    meaning: '5 % of the month’s error budget went within six hours',
  },
  {
    id: 'SlowBurn',
    burnRate: 1,
    long: { period: Duration.days(1), periods: 3 },
    short: Duration.hours(6),
    severity: 'ticket',
    meaning: 'for three days the error budget has been going faster than a month has days',
  },
];

/**
 * A promise to users, and the alarms on its error budget going too fast.
 *
 * Defines three alarms, each on two windows: one of an hour and one of six, which page, and one of three days.
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
  readonly alarms: readonly CombinedAlarm[];
  /** The widest windows' alarms, for graphs. */
  readonly badPercent: MathExpression;
  readonly objective: number;

  constructor(scope: Construct, id: string, props: ServiceLevelProps) {
    super(scope, id);
    const { objective, badPercent } = props;
    if (!Token.isUnresolved(objective) && !(objective >= 95 && objective <= 99.99))
      throw new ConstructError(
        this,
        `'objective' must be 95 to 99.99 %, got ${objective}; below, ${PAIRS[0]!.burnRate} times its budget would be more than all requests`,
      );
    this.objective = objective;
    this.badPercent = badPercent;
    this.alarms = PAIRS.map((pair) => this.pair(id, pair, props));
  }

  /** What is left of 30 days' error budget, in percent; negative when it is overdrawn. */
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
    const { name, promise, objective, action, runbook, minimumRequests = 100 } = props;
    const { burnRate, long, short } = pair;
    const limit = round(burnRate * budget(objective));
    const window = (suffix: string, period: Duration, periods: number) =>
      new MetricAlarm(this, `${id}${pair.id}${suffix}`, {
        name,
        meaning: `${suffix} window of ${id.toLowerCase()}: the error budget goes at ${burnRate} times its pace.`,
        action: 'None by itself: it is half of an alarm.',
        severity: 'part',
        runbook,
        metric: props.badPercent.with({ period }),
        unit: '% of requests break the promise',
        limit: { above: limit },
        datapoints: { bad: periods, of: periods },
        missingData: 'good',
        lowTraffic: { requests: props.requests.with({ period }), minimum: minimumRequests },
      });
    const length = words(long.period);
    const span = long.periods === 1 ? length : `each of ${long.periods} days`;
    return new CombinedAlarm(this, `${id}${pair.id}`, {
      name,
      meaning: `Promised: ${objective} % of ${promise}; ${pair.meaning}.`,
      action,
      severity: pair.severity,
      runbook,
      fires: 'when all do',
      alarms: [window('Long', long.period, long.periods), window('Short', short, 1)],
      condition: `more than ${limit} % of requests break the promise, both over ${span} and over ${words(short)}`,
      missingData: 'good',
      lowTraffic: `not judged below ${minimumRequests} requests in either window`,
    });
  }
}

/** Share of requests that may break the promise, in percent. */
function budget(objective: number): number {
  return round(100 - objective);
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
