import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** Time by which the data of a metric usually arrives. */
const USUALLY_LATE = Duration.minutes(2);
/** Shortest period that needs no extra periods, because late data is only a small part of it. */
const LONG_PERIOD = Duration.minutes(15);

/**
 * Returns the number of most recent periods that may have no data yet. An alarm that fills missing data with `FILL`
 * evaluates the filled value in these periods.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function latePeriods(period: Duration): number {
  const seconds = period.toSeconds();
  return seconds >= LONG_PERIOD.toSeconds() ? 0 : Math.ceil(USUALLY_LATE.toSeconds() / seconds);
}

/** Returns the second arguments of all `FILL` functions in a metric, such as `0` or `REPEAT`. */
export function fillings(metric: IMetric): string[] {
  const { mathExpression } = metric.toMetricConfig();
  if (!mathExpression) return [];
  const own = [...mathExpression.expression.matchAll(/\bFILL\s*\([^)]*?,\s*([^,()]+?)\s*\)/g)].map(
    ([, value]) => value!,
  );
  return [...own, ...Object.values(mathExpression.usingMetrics).flatMap(fillings)];
}
