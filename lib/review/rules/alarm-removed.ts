import type { Comparison } from '../change';
import { type Observation, observe, type Rule } from './rule';
import { values } from './setting';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
const WATCHERS: Readonly<Record<string, string>> = {
  'AWS::Synthetics::Canary': 'canary',
  'AWS::CloudWatch::AnomalyDetector': 'anomaly detector',
  'AWS::Logs::MetricFilter': 'metric filter',
  'AWS::Route53::HealthCheck': 'health check',
  'AWS::RUM::AppMonitor': 'monitor of real users',
  'AWS::Budgets::Budget': 'budget',
};

/** Nobody looks at it any more. */
export const alarmRemoved: Rule = {
  name: 'alarm-removed',
  severities: ['danger', 'caution', 'note'],
  summary: 'An alarm, canary, metric filter, health check or dashboard is removed.',
  judge(comparison) {
    const rollback = rollbackAlarms(comparison);
    return comparison.resources.flatMap((change): Observation[] => {
      const { kind, resourceType, before } = change;
      if (kind !== 'removed') return [];
      if (ALARMS.includes(resourceType)) {
        const name = String(before!.Properties?.['AlarmName'] ?? change.logicalId);
        const rolls = rollback.has(name);
        return [
          observe(change, {
            severity: rolls ? 'danger' : 'caution',
            message: rolls
              ? `The alarm ${name} is removed, which rolls a bad release back while it is deployed: such a release then reaches everybody.`
              : `The alarm ${name} is removed: what it watched goes wrong unnoticed, or until a user says so.`,
            advice:
              'Keep it. One that fires for nothing gets a better threshold, or tickets instead of pages.',
          }),
        ];
      }
      const watcher = WATCHERS[resourceType];
      if (watcher)
        return [
          observe(change, {
            severity: 'caution',
            message: `The ${watcher} is removed: alarms on what it measured have no data from then on.`,
            advice: 'Keep it, or remove what depends on it in the same change and say what takes its place.',
          }),
        ];
      if (resourceType !== 'AWS::CloudWatch::Dashboard') return [];
      return [
        observe(change, {
          severity: 'note',
          message: 'The dashboard is removed: who is called at night looks for it.',
          advice: 'Check that no runbook links to it.',
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
