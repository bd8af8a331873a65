import { type AlarmBase, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CombinedAlarm } from '../monitoring/combined-alarm';
import { MetricAlarm } from '../monitoring/metric-alarm';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';

export interface SuppressorsProps {
  /** Prefix of the alarms' names. */
  readonly name: string;
  /** Metric that is above 0 while the server is deployed. */
  readonly deploymentMetric?: IMetric;
}

/**
 * Alarms that suppress the actions of others: an alarm that explains them, or a deployment of the server.
 *
 * Defines an alarm on the metric of deployments, and one for each combination that is asked for.
 */
export class Suppressors extends Construct {
  /** Fires while the server is deployed, and up to three minutes longer, even if the deployment's end is missed. */
  readonly deploying?: MetricAlarm;
  private readonly made = new Map<string, MonitoringAlarm>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SuppressorsProps,
  ) {
    super(scope, id);
    const { name, deploymentMetric } = props;
    if (!deploymentMetric) return;
    this.deploying = new MetricAlarm(this, 'Deploying', {
      name,
      meaning: 'The server is being deployed: alarms that a deployment explains wait until it is over.',
      action: 'None: it suppresses other alarms.',
      severity: 'part',
      runbook: '#escalation',
      metric: deploymentMetric,
      unit: 'deployments',
      threshold: { above: 0 },
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      // The watchdog reports twice a minute. If it stops, nothing is suppressed any more.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'counts deployments' },
    });
  }

  /** Returns the alarm that suppresses another one, or undefined if none does. */
  for(explainedBy: readonly MonitoringAlarm[], waitsForDeployments: boolean): AlarmBase | undefined {
    const { deploying } = this;
    const alarms = [...explainedBy, ...(waitsForDeployments && deploying ? [deploying] : [])];
    // The explaining alarm may itself be suppressed by a deployment. Then somebody has to be notified.
    const unless = !waitsForDeployments && explainedBy.length > 0 ? deploying : undefined;
    if (alarms.length <= 1 && !unless) return alarms[0]?.alarm;
    const key = [...alarms, unless].map((alarm) => alarm?.node.path).join();
    const known = this.made.get(key);
    if (known) return known.alarm;
    const names = alarms.map(({ summary }) => summary.name);
    const made = new CombinedAlarm(this, `Explained${this.made.size + 1}`, {
      name: this.props.name,
      meaning: 'Other alarms have a known cause: they notify nobody.',
      action: 'None: it suppresses other alarms.',
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
