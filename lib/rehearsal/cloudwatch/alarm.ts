import { compileFunction } from 'node:vm';
import { LATEST, Metrics } from '../core/metrics';

type Dimensions = readonly { readonly Name: string; readonly Value: string }[];

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Namespace: string;
      readonly Dimensions?: Dimensions;
    };
    readonly Period: number | string;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

/** The properties of an alarm that a rehearsal evaluates. */
export interface AlarmOptions {
  readonly AlarmName: string;
  readonly Metrics?: readonly Query[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: Dimensions;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number | string;
  readonly Threshold: number | string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number | string;
  readonly DatapointsToAlarm?: number | string;
  readonly TreatMissingData?: string;
  readonly AlarmActions?: readonly string[];
}

const COMPARE: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** The metric math functions that a rehearsal evaluates, over one period. Missing data is undefined. */
type Value = number | undefined;
const numbers = (values: readonly Value[]): number[] => values.filter((value) => value !== undefined);
const MATH = {
  FILL: (value: Value, other: number) => value ?? other,
  IF: (condition: unknown, yes: Value, no: Value) => (condition ? yes : no),
  MAX: (values: Value[]) => (numbers(values).length ? Math.max(...numbers(values)) : undefined),
  MIN: (values: Value[]) => (numbers(values).length ? Math.min(...numbers(values)) : undefined),
  SUM: (values: Value[]) => numbers(values).reduce((sum, value) => sum + value, 0),
  ABS: (value: number) => Math.abs(value),
};

/** Periods before the evaluation periods that CloudWatch also reads if data is missing. */
const MORE_PERIODS = 2;

/** A metric alarm of CloudWatch, evaluated on the metrics of this rehearsal. */
export class Alarm {
  /** Minute in which the alarm was created. */
  readonly since: number;
  /** Number of minutes that the alarm evaluates. */
  readonly minutes: number;
  private readonly queries: readonly Query[];
  private readonly period: number;
  private readonly expressions = new Map<string, (...values: unknown[]) => unknown>();
  /** The first part of the alarm that a rehearsal cannot evaluate; undefined if there is none. */
  private readonly odd?: string;
  /**
   * True if `SetAlarmState` has put the alarm into ALARM. If the alarm ignores missing data, it stays in that state.
   */
  private isSet = false;

  constructor(
    readonly logicalId: string,
    readonly options: AlarmOptions,
    private readonly metrics: Metrics,
  ) {
    this.since = metrics.now;
    this.queries = options.Metrics ?? [plain(options)];
    const periods = new Set(this.queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
    this.period = Number([...periods][0] ?? 60) / 60;
    this.minutes = this.period * Number(options.EvaluationPeriods);
    this.odd = periods.size > 1 ? 'different periods' : this.unknown();
  }

  /** The reason why the alarm is not evaluated; undefined if it is. */
  get notRehearsed(): string | undefined {
    const unreported = this.queries.find(
      ({ MetricStat: stat }) => stat && !this.metrics.knows(stat.Metric.Namespace, stat.Metric.MetricName),
    )?.MetricStat?.Metric;
    return unreported
      ? `the rehearsal does not report ${unreported.Namespace} ${unreported.MetricName}`
      : this.odd;
  }

  /** True if the alarm has actions. */
  get tells(): boolean {
    return (this.options.AlarmActions?.length ?? 0) > 0;
  }

  /** True if the alarm measures a response time, which depends on the speed of this machine. */
  get ofTime(): boolean {
    return this.queries.some(({ MetricStat }) => MetricStat?.Metric.MetricName === 'TargetResponseTime');
  }

  /** Sets the state, as `SetAlarmState` does. Other alarms return to their evaluated state within seconds. */
  setState(state: string): void {
    this.isSet = state === 'ALARM' && this.options.TreatMissingData === 'ignore';
  }

  /**
   * True if the alarm is in ALARM at the beginning of minute `at`. Minutes before `since` do not count.
   *
   * As CloudWatch does, the alarm looks back further than its evaluation periods, and judges the newest periods with
   * data. Periods that are then still absent are treated as `TreatMissingData` says.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  inAlarm(since: number, at = this.metrics.now): boolean {
    if (this.isSet) return true;
    if (this.notRehearsed) return false;
    const { Threshold, ComparisonOperator, DatapointsToAlarm, EvaluationPeriods, TreatMissingData } =
      this.options;
    const from = Math.max(since, this.since);
    const wanted = Number(EvaluationPeriods);
    const values = Array.from({ length: wanted + MORE_PERIODS }, (_, back) => {
      const to = at - back * this.period;
      if (to <= from) return undefined;
      // Half a period cannot show that a value is too low.
      const whole = to - this.period >= from && to <= this.metrics.now;
      if (ComparisonOperator.startsWith('Less') && !whole) return undefined;
      return this.value(Math.max(from, to - this.period), to, at);
    });
    const present = numbers(values).slice(0, wanted);
    const breaching = present.filter((value) =>
      COMPARE[ComparisonOperator]!(value, Number(Threshold)),
    ).length;
    const existed = Math.min(wanted, Math.max(0, Math.ceil((at - LATEST - from) / this.period)));
    const absent = TreatMissingData === 'breaching' ? Math.max(0, existed - present.length) : 0;
    return breaching + absent >= Number(DatapointsToAlarm ?? EvaluationPeriods);
  }

  /** Returns the worst value of the evaluation periods before the minute `at`, and the threshold. */
  measured(since: number, at: number): { value?: number; threshold: number } {
    const from = Math.max(since, this.since);
    const values = Array.from({ length: Number(this.options.EvaluationPeriods) }, (_, back) => {
      const to = at - back * this.period;
      return to <= from ? undefined : this.value(Math.max(from, to - this.period), to, at);
    });
    const worst = this.options.ComparisonOperator.startsWith('Less') ? MATH.MIN : MATH.MAX;
    return { value: worst(values), threshold: Number(this.options.Threshold) };
  }

  /**
   * Returns the value of the minutes from `from` to `to`, from the data that has arrived by the beginning of minute
   * `at`.
   */
  private value(from: number, to: number, at: number): Value {
    const evaluate = (query: Query): Value => {
      if (query.MetricStat) {
        const { Metric, Stat } = query.MetricStat;
        const { Namespace: namespace, MetricName: name, Dimensions } = Metric;
        return this.metrics.get({ namespace, name, about: about(Dimensions)! }, Stat, from, to, at);
      }
      const used = this.queries.filter(({ Id }) => new RegExp(`\\b${Id}\\b`).test(query.Expression!));
      const ids = used.map(({ Id }) => Id);
      const known = this.expressions.get(query.Id);
      const compute =
        known ??
        (compileFunction(`return (${query.Expression})`, [...Object.keys(MATH), ...ids]) as (
          ...values: unknown[]
        ) => unknown);
      this.expressions.set(query.Id, compute);
      const result = compute(...Object.values(MATH), ...used.map(evaluate));
      return typeof result === 'number' && Number.isFinite(result) ? result : undefined;
    };
    return evaluate(this.queries.find(({ ReturnData }) => ReturnData !== false)!);
  }

  private unknown(): string | undefined {
    const { ComparisonOperator } = this.options;
    for (const { MetricStat } of this.queries) {
      if (!MetricStat) continue;
      const { Metric, Stat } = MetricStat;
      if (about(Metric.Dimensions) === undefined)
        return `the dimensions ${Metric.Dimensions!.map(({ Name }) => Name).join(', ')}`;
      if (!Metrics.computes(Stat)) return `the statistic ${Stat}`;
    }
    if (!COMPARE[ComparisonOperator]) return ComparisonOperator;
    const ids = new Set(this.queries.map(({ Id }) => Id));
    for (const { Expression = '' } of this.queries) {
      const odd = [...Expression.matchAll(/[A-Za-z_]\w*/g)].find(
        ([word]) => !ids.has(word) && !(word in MATH),
      );
      if (odd || /[^\w\s()[\],.+\-*/<>=!&|]/.test(Expression))
        return `'${odd?.[0] ?? Expression}' in its expression`;
    }
    return undefined;
  }
}

/** The query of an alarm without metric math. */
function plain({
  MetricName,
  Namespace,
  Dimensions,
  Statistic,
  ExtendedStatistic,
  Period,
}: AlarmOptions): Query {
  const Metric = { MetricName: MetricName!, Namespace: Namespace!, Dimensions };
  return { Id: 'm1', MetricStat: { Metric, Period: Period!, Stat: (ExtendedStatistic ?? Statistic)! } };
}

/** Dimensions by which a rehearsal separates metrics with the same name, the narrowest first. */
const KEPT_BY = ['TargetGroup', 'LoadBalancer', 'ServiceName', 'RuleName', 'DistributionId', 'ProxyName'];

/** Returns the value of the dimension that separates the metrics, or undefined if there is none. */
function about(dimensions: Dimensions = []): string | undefined {
  if (dimensions.length === 0) return '';
  for (const name of KEPT_BY) {
    const found = dimensions.find(({ Name }) => Name === name);
    if (found) return found.Value;
  }
  return undefined;
}
