import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { MetricAlarm, type MetricAlarmProps } from '../monitoring/metric-alarm';

type EscalationAlarmProps = Pick<MetricAlarmProps, 'name' | 'meaning' | 'action' | 'metric' | 'unit'> & {
  /** @default - above 0 */
  readonly threshold?: { readonly above: number };
  /** @default TreatMissingData.NOT_BREACHING */
  readonly treatMissingData?: TreatMissingData;
};

/**
 * Returns an alarm on the path from alarms to people. One breaching datapoint makes it fire, even if there are few
 * messages.
 */
export function escalationAlarm(scope: Construct, id: string, props: EscalationAlarmProps): MetricAlarm {
  return new MetricAlarm(scope, id, {
    severity: 'ticket',
    runbook: '#escalation',
    threshold: { above: 0 },
    // The newest period may have no data yet; `metricSum` fills it with 0.
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    trafficGate: { ungated: 'every message counts' },
    ...props,
  });
}
