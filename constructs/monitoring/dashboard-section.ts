import {
  Color,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricAlarm } from './metric-alarm';

/** A part of the dashboard: its rows, 24 columns wide, the most telling first. */
export interface DashboardSection {
  readonly title: string;
  readonly rows: readonly (readonly IWidget[])[];
}

export interface GraphOptions {
  readonly title: string;
  /** @default what the alarms judge */
  readonly metrics?: readonly IMetric[];
  /** Against the right axis. @default none */
  readonly right?: readonly IMetric[];
  /** Alarms whose limits are drawn. @default none */
  readonly alarms?: readonly MetricAlarm[];
  /** Further lines: what is promised. @default none */
  readonly promises?: readonly { readonly value: number; readonly label: string }[];
  /** Columns of 24. @default 8 */
  readonly width?: number;
  /** Region of the metrics. @default the dashboard's */
  readonly region?: string;
}

/** A graph with the limits of its alarms drawn in. */
export function graph({
  title,
  metrics,
  right,
  alarms = [],
  promises = [],
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
      ...alarms.flatMap(limitLine),
      ...promises.map((line) => ({ ...line, color: Color.GREY })),
    ],
  });
}

function limitLine({ limit, summary }: MetricAlarm): HorizontalAnnotation[] {
  if ('unusualBy' in limit) return [];
  return [
    {
      value: 'above' in limit ? limit.above : limit.below,
      label: `${summary.severity}: ${summary.id}`,
      color: summary.severity === 'page' ? Color.RED : Color.ORANGE,
    },
  ];
}
