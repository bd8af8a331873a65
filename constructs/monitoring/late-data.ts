import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** Time after which the data of a metric has usually arrived. */
const USUALLY_LATE = Duration.minutes(2);
/** Periods of at least this length need no spare periods: late data is a small part of them. */
const LONG_PERIOD = Duration.minutes(15);

/**
 * Number of newest periods that may have no data yet. An alarm that fills missing data with `FILL` judges the filling
 * in these periods.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function latePeriods(period: Duration): number {
  const seconds = period.toSeconds();
  return seconds >= LONG_PERIOD.toSeconds() ? 0 : Math.ceil(USUALLY_LATE.toSeconds() / seconds);
}

/** The last arguments of all `FILL` functions in a metric, such as `0` or `REPEAT`. */
export function fillings(metric: IMetric): string[] {
  const { mathExpression } = metric.toMetricConfig();
  if (!mathExpression) return [];
  const own = [...mathExpression.expression.matchAll(/\bFILL\s*\([^)]*?,\s*([^,()]+?)\s*\)/g)].map(
    ([, value]) => value!,
  );
  return [...own, ...Object.values(mathExpression.usingMetrics).flatMap(fillings)];
}
