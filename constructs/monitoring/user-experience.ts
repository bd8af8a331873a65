import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Canary, type CanaryProps } from './canary';
import { type DashboardSection, graph } from './dashboard-section';
import { edgeMetric } from './edge-alarms';
import { MetricAlarm } from './metric-alarm';

export interface UserExperienceProps {
  /** Prefix of the alarms' names, and the canary's name. */
  readonly name: string;
  readonly distributionId: string;
  /** @default nobody walks */
  readonly canary?: Omit<CanaryProps, 'name'>;
}

/**
 * What people meet, seen from outside.
 *
 * Defines a canary and the alarm on its failures.
 */
export class UserExperience extends Construct {
  readonly canary?: Canary;
  readonly canaryFails?: MetricAlarm;
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, { name, distributionId, canary }: UserExperienceProps) {
    super(scope, id);
    if (canary) {
      this.canary = new Canary(this, 'Canary', { ...canary, name });
      this.canaryFails = new MetricAlarm(this, 'CanaryFails', {
        name,
        meaning: 'The application does not work for somebody who comes to its address with a browser.',
        action: 'Open the canary’s last run: its log names the check, its screenshot shows the page.',
        severity: 'page',
        runbook: '#canary-fails',
        metric: this.canary.canary.metricSuccessPercent({ period: canary.every, label: 'success' }),
        unit: '% of walks succeed',
        limit: { below: 100 },
        datapoints: { bad: 2, of: 3 },
        // A canary that does not come is no good news; its period is its schedule.
        missingData: 'bad',
        lowTraffic: { ungated: 'the canary is its own traffic' },
      });
    }
    const edge = (metricName: string, statistic: string) => edgeMetric(distributionId, metricName, statistic);
    const region = 'us-east-1';
    this.section = {
      title: 'User experience',
      rows: [
        [
          ...(this.canary && this.canaryFails
            ? [
                graph({ title: 'Canary: walks that succeed (%)', alarms: [this.canaryFails] }),
                graph({
                  title: 'Canary: time of a walk (ms)',
                  metrics: [this.canary.canary.metricDuration({ period: canary?.every, label: 'duration' })],
                }),
              ]
            : []),
          graph({
            title: 'Requests and errors at the edge',
            region,
            metrics: [edge('Requests', Stats.SUM)],
            right: [edge('TotalErrorRate', Stats.AVERAGE)],
          }),
        ],
      ],
    };
  }
}
