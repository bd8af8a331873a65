import { missing, type Operations } from '../core/aws-api';
import type { Stage } from '../core/stage';
import type { Alarms } from './alarms';

/** API operations of CloudWatch. */
export function cloudWatchOperations({ metric }: Alarms, { metrics }: Stage): Operations {
  return {
    'cloudwatch:DescribeAlarms': ({ AlarmNames }) => ({
      MetricAlarms: (AlarmNames as string[]).flatMap((AlarmName) =>
        metric.get(AlarmName)?.inAlarm(0) ? [{ AlarmName, StateValue: 'ALARM' }] : [],
      ),
    }),
    'cloudwatch:SetAlarmState': ({ AlarmName, StateValue }) => {
      (metric.get(String(AlarmName)) ?? missing(AlarmName)).setState(String(StateValue));
      return {};
    },
    'cloudwatch:PutMetricData': ({ Namespace, MetricData }) => {
      for (const { MetricName, Value } of MetricData as { MetricName: string; Value: number }[]) {
        metrics.announce(String(Namespace), MetricName);
        metrics.put(String(Namespace), MetricName, '', Number(Value));
      }
      return {};
    },
  };
}
