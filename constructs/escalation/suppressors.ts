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
 * Alarms that suppress the actions of other alarms: an explaining alarm, or a deployment of the server.
 *
 * Defines an alarm on the deployment metric, and one composite alarm for each requested combination.
 */
export class Suppressors extends Construct {
  /**
   * Fires while the server is deployed and up to three minutes longer. It clears even if the end of the deployment is
   * missed.
   */
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
      meaning:
        'The server is being deployed. Alarms that a deployment explains are suppressed until it ends.',
      action: 'None: this alarm only suppresses other alarms.',
      severity: 'part',
      runbook: '#escalation',
      metric: deploymentMetric,
      unit: 'deployments',
      threshold: { above: 0 },
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      // The watchdog reports twice a minute. If it stops, nothing is suppressed.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'counts deployments' },
    });
  }

  /** Returns the alarm that suppresses another one, or undefined if none does. */
  for(explainedBy: readonly MonitoringAlarm[], waitsForDeployments: boolean): AlarmBase | undefined {
    const { deploying } = this;
    const alarms = [...explainedBy, ...(waitsForDeployments && deploying ? [deploying] : [])];
    // A deployment may suppress the explaining alarm. Then this alarm must notify people.
    const unless = !waitsForDeployments && explainedBy.length > 0 ? deploying : undefined;
    if (alarms.length <= 1 && !unless) return alarms[0]?.alarm;
    const key = [...alarms, unless].map((alarm) => alarm?.node.path).join();
    const known = this.made.get(key);
    if (known) return known.alarm;
    const names = alarms.map(({ summary }) => summary.name);
    const made = new CombinedAlarm(this, `Explained${this.made.size + 1}`, {
      name: this.props.name,
      meaning: 'Other alarms have a known cause, so they notify nobody.',
      action: 'None: this alarm only suppresses other alarms.',
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
