import { Duration } from 'aws-cdk-lib';
import { type IWidget, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Canary, type CanaryProps } from './canary';
import { type DashboardSection, graph } from './dashboard-section';
import { edgeMetric } from './edge-alarms';
import { MetricAlarm } from './metric-alarm';

export interface UserExperienceProps {
  /** Prefix of the alarms' names, and the canary's name. */
  readonly name: string;
  readonly distributionId: string;
  /**
   * Name of the app monitor that browsers report to, as `RealUserMonitoring` makes it.
   * @default none do
   */
  readonly appMonitor?: string;
  /** @default nobody walks */
  readonly canary?: Omit<CanaryProps, 'name'>;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * What people meet, seen from outside.
 *
 * Defines a canary and the alarm on its failures, and one on what browsers report.
 * @example
 * new UserExperience(this, 'Users', {
 *   name: 'guestbook-production',
 *   distributionId: client.distribution.distributionId,
 *   canary: {
 *     url: 'https://guestbook.example.com',
 *     checks: [{ path: '/api/entries' }],
 *     every: Duration.minutes(5),
 *   },
 * });
 */
export class UserExperience extends Construct {
  readonly canary?: Canary;
  readonly canaryFails?: MetricAlarm;
  readonly scriptErrors?: MetricAlarm;
  readonly section: DashboardSection;

  constructor(
    scope: Construct,
    id: string,
    { name, distributionId, appMonitor, canary }: UserExperienceProps,
  ) {
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
    const browsers = appMonitor === undefined ? undefined : this.browsers(name, appMonitor);
    this.scriptErrors = browsers?.alarm;
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
        browsers?.row ?? [],
      ],
    };
  }

  /**
   * What people's own browsers report.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-metrics.html
   */
  private browsers(name: string, appMonitor: string): { alarm: MetricAlarm; row: IWidget[] } {
    const metric = (metricName: string, statistic: string, label: string) =>
      new Metric({
        namespace: 'AWS/RUM',
        metricName,
        dimensionsMap: { application_name: appMonitor },
        statistic,
        period: FIVE_MINUTES,
        label,
      });
    const views = metric('PageViewCount', Stats.SUM, 'page views');
    const alarm = new MetricAlarm(this, 'ScriptErrors', {
      name,
      meaning: 'Scripts of the page fail in many browsers: what people do there does not work.',
      action: 'Open the errors of the app monitor; if one began with the release, roll it back.',
      severity: 'ticket',
      runbook: '#script-errors',
      metric: new MathExpression({
        expression: '100 * FILL(errors, 0) / views',
        usingMetrics: { errors: metric('JsErrorCount', Stats.SUM, 'errors'), views },
        period: FIVE_MINUTES,
        label: 'errors in 100 page views',
      }),
      unit: 'script errors in 100 page views',
      limit: { above: 20 },
      datapoints: { bad: 3, of: 3 },
      missingData: 'good',
      lowTraffic: { requests: views, minimum: 50 },
    });
    return {
      alarm,
      row: [
        graph({
          title: 'Browsers: largest content painted, 75th percentile (ms)',
          metrics: [metric('WebVitalsLargestContentfulPaint', 'p75', 'LCP')],
          promises: [{ value: 2500, label: 'good' }],
        }),
        graph({
          title: 'Browsers: time until an input shows, 75th percentile (ms)',
          metrics: [metric('WebVitalsInteractionToNextPaint', 'p75', 'INP')],
          promises: [{ value: 200, label: 'good' }],
        }),
        graph({
          title: 'Browsers: script errors, failed requests',
          alarms: [alarm],
          right: [metric('Http5xxCount', Stats.SUM, '5xx'), metric('Http4xxCount', Stats.SUM, '4xx')],
        }),
      ],
    };
  }
}
