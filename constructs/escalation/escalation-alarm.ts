import type { Construct } from 'constructs';
import { MetricAlarm, type MetricAlarmProps } from '../monitoring/metric-alarm';

export type EscalationAlarmProps = Pick<
  MetricAlarmProps,
  'name' | 'meaning' | 'action' | 'metric' | 'unit'
> & {
  /** @default above 0 */
  readonly limit?: { readonly above: number };
  /** @default good */
  readonly missingData?: MetricAlarmProps['missingData'];
};

/** An alarm on what lies between alarms and people: one bad datapoint is enough, however few messages. */
export function escalationAlarm(scope: Construct, id: string, props: EscalationAlarmProps): MetricAlarm {
  return new MetricAlarm(scope, id, {
    severity: 'ticket',
    runbook: '#escalation',
    limit: { above: 0 },
    datapoints: { bad: 1, of: 1 },
    missingData: 'good',
    lowTraffic: { ungated: 'every message counts' },
    ...props,
  });
}
