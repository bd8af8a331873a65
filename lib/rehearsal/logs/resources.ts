import { named, need } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { MetricFilter, type MetricFilterOptions } from './metric-filter';

/** Resource types of CloudWatch Logs. */
export function logsResources(filters: Map<string, MetricFilter>, { metrics }: Stage): ResourceHandlers {
  return {
    'AWS::Logs::MetricFilter': {
      supportedProperties: ['LogGroupName', 'FilterPattern', 'MetricTransformations'],
      apply(request) {
        const options: MetricFilterOptions = {
          logicalId: request.id,
          pattern: String(request.properties['FilterPattern'] ?? ''),
          group: need(request, 'LogGroupName'),
          metrics: need<MetricFilterOptions['metrics']>(request, 'MetricTransformations'),
        };
        filters.set(named(request), new MetricFilter(options, metrics));
        return { Ref: named(request) };
      },
    },
  };
}
