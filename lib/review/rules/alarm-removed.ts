import type { Comparison } from '../change';
import { typeName } from '../resource-type';
import { type Observation, observe, type Rule } from './rule';
import { values } from './setting';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::LogAlarm'];
const WATCHERS =
  /^AWS::(Synthetics::\w+|CloudWatch::(AnomalyDetector|InsightRule|MetricStream)|Logs::(MetricFilter|SubscriptionFilter|LogAnomalyDetector)|Route53::HealthCheck|RUM::AppMonitor|Budgets::\w+|CE::Anomaly\w+|ApplicationSignals::ServiceLevelObjective|InternetMonitor::Monitor|NetworkMonitor::Monitor|DevOpsGuru::\w+|APS::RuleGroupsNamespace|APS::AnomalyDetector|RDS::EventSubscription|(DocDB|Neptune|DMS|Redshift)::EventSubscription|Lightsail::Alarm|IoTEvents::AlarmModel|CodeStarNotifications::NotificationRule)$/;

/** Nobody is told any more. */
export const alarmRemoved: Rule = {
  name: 'alarm-removed',
  severities: ['danger', 'caution', 'note'],
  summary: 'An alarm, canary, metric filter, health check, budget or dashboard is removed or replaced.',
  link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Alarms.html',
  speaksOfResources: true,
  judge(comparison) {
    const rollback = rollbackAlarms(comparison);
    return comparison.resources.flatMap((change): Observation[] => {
      const { kind, resourceType, before } = change;
      if (kind === 'replaced' && ALARMS.includes(resourceType))
        return [
          observe(change, {
            severity: 'caution',
            property: change.properties[0]?.path,
            what: `The alarm ${before!.Properties?.['AlarmName'] ?? change.logicalId} is replaced by a new one.`,
            why: 'A composite alarm, a service or a runbook that names the former one no longer finds it.',
            fix: 'Keep its name, or change all that names it together.',
          }),
        ];
      if (kind !== 'removed') return [];
      if (ALARMS.includes(resourceType)) {
        const name = String(before!.Properties?.['AlarmName'] ?? change.logicalId);
        const rolls = rollback.has(name);
        return [
          observe(change, {
            severity: rolls ? 'danger' : 'caution',
            what: `The alarm ${name} is removed.`,
            why: rolls
              ? 'It rolls a bad release back while the release is deployed: such a release then reaches everybody.'
              : 'The failure that it watched for passes unnoticed, or until a user tells of it.',
            fix: 'Keep it. If it fires without need, give it a better threshold, or a ticket instead of a page.',
          }),
        ];
      }
      if (WATCHERS.test(resourceType))
        return [
          observe(change, {
            severity: 'caution',
            what: `The ${typeName(resourceType)} is removed.`,
            why: 'Alarms on its data have none from then on, and nobody is told.',
            fix: 'Keep it, or remove what depends on it in the same change and say what takes its place.',
          }),
        ];
      if (resourceType !== 'AWS::CloudWatch::Dashboard') return [];
      return [
        observe(change, {
          severity: 'note',
          what: 'The dashboard is removed.',
          why: 'A person who is called at night looks for it.',
          fix: 'Check that no runbook links to it.',
        }),
      ];
    });
  },
};

/** Names of the alarms that roll deployments back. */
function rollbackAlarms({ base }: Comparison): Set<string> {
  return new Set(
    base.stacks.flatMap(({ template }) =>
      Object.values(template.Resources ?? {}).flatMap(({ Properties }) =>
        [...values(Properties, 'DeploymentConfiguration.Alarms.AlarmNames').values()].flatMap((names) =>
          Array.isArray(names) ? names.map(String) : [],
        ),
      ),
    ),
  );
}
