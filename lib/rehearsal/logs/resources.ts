import { PlanError } from '../core/plan-error';
import { arn, named, need } from '../core/properties';
import type { ResourceHandlers, ResourceRequest } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { MetricFilter, type MetricFilterOptions } from './metric-filter';

/** Resource types of CloudWatch Logs. */
export function logsResources(filters: Map<string, MetricFilter>, { metrics }: Stage): ResourceHandlers {
  return {
    'AWS::Logs::LogGroup': {
      supportedProperties: ['LogGroupName', 'DataProtectionPolicy.Configuration'],
      apply(request) {
        refuseIdentifiers(request);
        const name = String(request.properties['LogGroupName'] ?? named(request));
        return { Ref: name, Arn: arn(request, 'logs', `log-group:${name}:*`) };
      },
    },
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

/**
 * Refuses custom data identifiers that violate the documented limits.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
 */
function refuseIdentifiers({ id, properties }: ResourceRequest): void {
  const policy = properties['DataProtectionPolicy'];
  const { Configuration } = (typeof policy === 'string' ? JSON.parse(policy) : policy) ?? {};
  const identifiers: readonly { Name: string; Regex: string }[] = Configuration?.CustomDataIdentifier ?? [];
  const refuse = (problem: string) => {
    throw new PlanError(id, 'DataProtectionPolicy', problem);
  };
  if (identifiers.length > 10)
    refuse(`has ${identifiers.length} custom data identifiers; CloudWatch Logs allows 10`);
  for (const { Name, Regex } of identifiers) {
    if (!/^[\w-]{1,128}$/.test(Name))
      refuse(`has a custom data identifier '${Name}'; CloudWatch Logs allows letters, digits, _ and -`);
    const [other] = /[^A-Za-z0-9_#=@/;, ^$?[\]{}|\\*+.-]/.exec(Regex) ?? [];
    if (other !== undefined)
      refuse(`has the character '${other}' in ${Regex}, which CloudWatch Logs does not allow there`);
    if (Regex.length > 200)
      refuse(`has a pattern of ${Regex.length} characters; CloudWatch Logs allows 200: ${Regex}`);
  }
}
