import { arn, named, need } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { Alarm, type AlarmOptions } from './alarm';
import type { Alarms } from './alarms';
import { CompositeAlarm } from './composite-alarm';

/** Resource types of CloudWatch. */
export function cloudWatchResources(alarms: Alarms, { metrics }: Stage): ResourceHandlers {
  return {
    'AWS::CloudWatch::Alarm': {
      supportedProperties: [
        'AlarmName',
        'Metrics',
        'MetricName',
        'Namespace',
        'Dimensions',
        'Statistic',
        'ExtendedStatistic',
        'Period',
        'Threshold',
        'ComparisonOperator',
        'EvaluationPeriods',
        'DatapointsToAlarm',
        'TreatMissingData',
        'AlarmActions',
      ],
      apply(request) {
        const { properties, id } = request;
        const Ref = properties['AlarmName'] ?? named(request);
        alarms.metric.set(Ref, new Alarm(id, properties as unknown as AlarmOptions, metrics));
        return { Ref, Arn: arn(request, 'cloudwatch', `alarm:${Ref}`) };
      },
    },
    'AWS::CloudWatch::CompositeAlarm': {
      supportedProperties: ['AlarmName', 'AlarmRule', 'AlarmActions'],
      apply(request) {
        const { properties, id } = request;
        const Ref = properties['AlarmName'] ?? named(request);
        const others = (name: string) => alarms.get(name);
        const tells = (properties['AlarmActions'] ?? []).length > 0;
        alarms.composite.set(Ref, new CompositeAlarm(id, need(request, 'AlarmRule'), tells, others));
        return { Ref, Arn: arn(request, 'cloudwatch', `alarm:${Ref}`) };
      },
    },
  };
}
