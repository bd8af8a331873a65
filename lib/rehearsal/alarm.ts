import { runInNewContext } from 'node:vm';
import type { Metrics } from './metrics';

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Namespace: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number | string;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

/** An alarm's properties, as far as they are evaluated. */
export interface AlarmOptions {
  readonly AlarmName: string;
  readonly Metrics?: readonly Query[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number | string;
  readonly Threshold: number | string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number | string;
  readonly DatapointsToAlarm?: number | string;
  readonly TreatMissingData?: string;
}

const COMPARE: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** The functions of metric math that are evaluated, over one minute; nothing stands for missing data. */
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

/** An alarm of CloudWatch, evaluated on what the load balancer saw. */
export class Alarm {
  /** Why it is not evaluated, when it is not. */
  readonly notRehearsed?: string;

  constructor(
    readonly logicalId: string,
    readonly options: AlarmOptions,
    private readonly metrics: Metrics,
  ) {
    this.notRehearsed = this.unknown();
  }

  get periods(): number {
    return Number(this.options.EvaluationPeriods);
  }

  /** Whether it is in ALARM, judged by the last complete minutes and none before `since`. */
  inAlarm(since: number): boolean {
    if (this.notRehearsed) return false;
    const { Threshold, ComparisonOperator, DatapointsToAlarm, TreatMissingData } = this.options;
    const last = this.metrics.now - 1;
    const breaching = Array.from({ length: this.periods }, (_, back) => {
      const value = last - back < since ? undefined : this.value(last - back);
      if (value === undefined || Number.isNaN(value))
        return TreatMissingData === 'breaching' && last - back >= since;
      return COMPARE[ComparisonOperator]!(value, Number(Threshold));
    });
    return breaching.filter(Boolean).length >= Number(DatapointsToAlarm ?? this.periods);
  }

  private value(minute: number): Value {
    const { Metrics: queries, MetricName, Dimensions, Statistic, ExtendedStatistic } = this.options;
    if (!queries)
      return this.metrics.get(MetricName!, about(Dimensions), (ExtendedStatistic ?? Statistic)!, minute);
    const evaluate = (query: Query): Value => {
      if (query.MetricStat) {
        const { Metric, Stat } = query.MetricStat;
        return this.metrics.get(Metric.MetricName, about(Metric.Dimensions), Stat, minute);
      }
      const used = queries.filter(({ Id }) => new RegExp(`\\b${Id}\\b`).test(query.Expression!));
      const values = Object.fromEntries(used.map((other) => [other.Id, evaluate(other)]));
      const result: unknown = runInNewContext(query.Expression!, { ...MATH, ...values });
      return typeof result === 'number' && Number.isFinite(result) ? result : undefined;
    };
    return evaluate(queries.find(({ ReturnData }) => ReturnData !== false)!);
  }

  private unknown(): string | undefined {
    const { Metrics: queries = [], Namespace, Period, ComparisonOperator } = this.options;
    const spaces = [Namespace, ...queries.map(({ MetricStat }) => MetricStat?.Metric.Namespace)];
    const space = spaces.find((name) => name !== undefined && name !== 'AWS/ApplicationELB');
    if (space) return `metrics of ${space}`;
    const periods = [Period, ...queries.map(({ MetricStat }) => MetricStat?.Period)];
    if (periods.some((period) => period !== undefined && Number(period) !== 60))
      return 'a period other than 60 s';
    if (!COMPARE[ComparisonOperator]) return ComparisonOperator;
    const ids = new Set(queries.map(({ Id }) => Id));
    for (const { Expression = '' } of queries) {
      const odd = [...Expression.matchAll(/[A-Za-z_]\w*/g)].find(
        ([word]) => !ids.has(word) && !(word in MATH),
      );
      if (odd || /[^\w\s()[\],.+\-*/<>=!&|]/.test(Expression))
        return `'${odd?.[0] ?? Expression}' in its expression`;
    }
    return undefined;
  }
}

/** Of the dimensions, the one by which metrics are kept here. */
function about(dimensions: AlarmOptions['Dimensions'] = []): string {
  return dimensions.find(({ Name }) => Name === 'TargetGroup')?.Value ?? 'all';
}
