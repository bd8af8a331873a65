import { Duration } from 'aws-cdk-lib';
import { type AlarmBase, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CombinedAlarm } from '../monitoring/combined-alarm';
import { MetricAlarm } from '../monitoring/metric-alarm';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { deploymentMetric } from '../server/deployment-metric';

export interface SuppressorsProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  /** Whether the server's deployments are followed by a watchdog, which says so in a metric. */
  readonly deployments: boolean;
}

/**
 * What keeps an alarm from telling people: another one that explains it, or a deployment under way.
 *
 * Defines an alarm on the metric of deployments, and one for each combination that is asked for.
 */
export class Suppressors extends Construct {
  /** Fires while the server is deployed, and at most three minutes longer, whatever becomes of who follows it. */
  readonly deploying?: MetricAlarm;
  private readonly made = new Map<string, MonitoringAlarm>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SuppressorsProps,
  ) {
    super(scope, id);
    const { name } = props;
    if (!props.deployments) return;
    const { namespace, metricName } = deploymentMetric(name);
    this.deploying = new MetricAlarm(this, 'Deploying', {
      name,
      meaning: 'The server is being deployed: what that explains waits until it is over.',
      action: 'None: it only keeps others quiet.',
      severity: 'part',
      runbook: '#escalation',
      metric: new Metric({
        namespace,
        metricName,
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      unit: 'deployments that are followed',
      threshold: { above: 0 },
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      // Followed every half minute: when nobody reports any more, nothing is kept quiet any more.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'counts deployments' },
    });
  }

  /** The alarm that keeps another one quiet, or nothing when nothing does. */
  for(explainedBy: readonly MonitoringAlarm[], waitsForDeployments: boolean): AlarmBase | undefined {
    const { deploying } = this;
    const alarms = [...explainedBy, ...(waitsForDeployments && deploying ? [deploying] : [])];
    // What explains it may itself be quiet during a deployment: then somebody has to be told.
    const unless = !waitsForDeployments && explainedBy.length > 0 ? deploying : undefined;
    if (alarms.length <= 1 && !unless) return alarms[0]?.alarm;
    const key = [...alarms, unless].map((alarm) => alarm?.node.path).join();
    const known = this.made.get(key);
    if (known) return known.alarm;
    const names = alarms.map(({ summary }) => summary.name);
    const made = new CombinedAlarm(this, `Explained${this.made.size + 1}`, {
      name: this.props.name,
      meaning: 'What others see now has a cause that is known: they tell nobody.',
      action: 'None: it only keeps others quiet.',
      severity: 'part',
      runbook: '#escalation',
      requires: 'any',
      alarms,
      unless,
      condition: `one of ${names.join(', ')} fires${unless ? ', and the server is not being deployed' : ''}`,
      missingData: 'good',
      trafficGate: 'as each of them',
    });
    this.made.set(key, made);
    return made.alarm;
  }
}
