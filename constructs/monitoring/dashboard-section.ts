import {
  Color,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricAlarm } from './metric-alarm';

/** A part of a dashboard. */
export interface DashboardSection {
  /** Heading of the section. */
  readonly title: string;
  /** Rows of widgets, most important first. Each row is up to 24 columns wide. */
  readonly rows: readonly (readonly IWidget[])[];
}

export interface GraphOptions {
  readonly title: string;
  /** @default - the metrics of `alarms` */
  readonly metrics?: readonly IMetric[];
  /** Metrics on the right axis. @default - none */
  readonly right?: readonly IMetric[];
  /** Alarms whose thresholds are shown as lines. @default - none */
  readonly alarms?: readonly MetricAlarm[];
  /** Additional horizontal lines. @default - none */
  readonly lines?: readonly { readonly value: number; readonly label: string }[];
  /** Width in columns, out of 24. @default 8 */
  readonly width?: number;
  /** Region of the metrics. @default - the region of the dashboard */
  readonly region?: string;
}

/** Returns a graph that shows the thresholds of its alarms. */
export function graph({
  title,
  metrics,
  right,
  alarms = [],
  lines = [],
  width = 8,
  region,
}: GraphOptions): IWidget {
  return new GraphWidget({
    title,
    width,
    height: 6,
    region,
    left: [...(metrics ?? alarms.map(({ metric }) => metric))],
    right: right && [...right],
    leftYAxis: { min: 0 },
    leftAnnotations: [
      ...alarms.flatMap(thresholdLine),
      ...lines.map((line) => ({ ...line, color: Color.GREY })),
    ],
  });
}

function thresholdLine({ threshold, summary }: MetricAlarm): HorizontalAnnotation[] {
  if ('stdDevs' in threshold) return [];
  return [
    {
      value: 'above' in threshold ? threshold.above : threshold.below,
      label: `${summary.severity}: ${summary.id}`,
      color: summary.severity === 'page' ? Color.RED : Color.ORANGE,
    },
  ];
}
