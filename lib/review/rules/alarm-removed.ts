import type { Comparison } from '../change';
import { typeName } from '../resource-type';
import { type Observation, observe, type Rule } from './rule';
import { values } from './setting';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::LogAlarm'];
const WATCHERS =
  /^AWS::(Synthetics::\w+|CloudWatch::(AnomalyDetector|InsightRule|MetricStream)|Logs::(MetricFilter|SubscriptionFilter|LogAnomalyDetector)|Route53::HealthCheck|RUM::AppMonitor|Budgets::\w+|CE::Anomaly\w+|ApplicationSignals::ServiceLevelObjective|InternetMonitor::Monitor|NetworkMonitor::Monitor|DevOpsGuru::\w+|APS::RuleGroupsNamespace|APS::AnomalyDetector|RDS::EventSubscription|(DocDB|Neptune|DMS|Redshift)::EventSubscription|Lightsail::Alarm|IoTEvents::AlarmModel|CodeStarNotifications::NotificationRule)$/;

/** Finds alarms and other monitoring resources that are removed or replaced. */
export const alarmRemoved: Rule = {
  name: 'alarm-removed',
  severities: ['danger', 'caution', 'note'],
  summary: 'An alarm, canary, metric filter, health check, budget or dashboard is removed or replaced.',
  link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Alarms.html',
  coversResources: true,
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
            why: 'Composite alarms, services and runbooks that use the former name no longer find the alarm.',
            fix: 'Keep the name, or update every reference in the same change.',
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
              ? 'This alarm rolls back a bad release during the deployment. Without the alarm, the bad release reaches all users.'
              : 'The failure that the alarm detected goes unnoticed until a user reports it.',
            fix: 'Keep the alarm. If it fires without need, adjust its threshold, or make it a ticket instead of a page.',
          }),
        ];
      }
      if (WATCHERS.test(resourceType))
        return [
          observe(change, {
            severity: 'caution',
            what: `The ${typeName(resourceType)} is removed.`,
            why: 'Alarms on its data stop receiving data, and nobody is notified.',
            fix: 'Keep it. Or remove what depends on it in the same change, and name the replacement in the change.',
          }),
        ];
      if (resourceType !== 'AWS::CloudWatch::Dashboard') return [];
      return [
        observe(change, {
          severity: 'note',
          what: 'The dashboard is removed.',
          why: 'An engineer on call may look for the dashboard during an incident.',
          fix: 'Check that no runbook links to it.',
        }),
      ];
    });
  },
};

/** Returns the names of the alarms that roll deployments back. */
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
