import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** Returns the sum over five minutes of metrics that have no data when there is nothing to count. */
export function metricSum(label: string, metrics: readonly IMetric[]): IMetric {
  const names = metrics.map((_, index) => `m${index + 1}`);
  return new MathExpression({
    expression: names.map((name) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [names[index]!, metric])),
    period: Duration.minutes(5),
    label,
  });
}
