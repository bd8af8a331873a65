import { Duration } from 'aws-cdk-lib';
import { type IWidget, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import { Canary, type CanaryOptions } from './canary';
import { type DashboardSection, graph } from './dashboard-section';
import { edgeMetric } from './edge-alarms';
import { FirstCanaryRun } from './first-canary-run';
import { MetricAlarm } from './metric-alarm';

/** Properties of `UserExperience`. */
export interface UserExperienceProps {
  /**
   * Prefix of the alarms' names, and name of the canary.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Id of the distribution that users reach. */
  readonly distributionId: string;
  /**
   * Name of the RUM app monitor, such as `RealUserMonitoring.appMonitorName`.
   * @default - no real user monitoring
   */
  readonly appMonitor?: string;
  /**
   * Settings of a canary.
   * @default - no canary
   */
  readonly canary?: CanaryOptions;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * Alarms and graphs of the application as users see it.
 *
 * Defines a canary with an alarm on its failures, and an alarm on script errors that browsers report.
 * @example
 * new UserExperience(this, 'Users', {
 *   name: 'guestbook-production',
 *   distributionId: client.distribution.distributionId,
 *   canary: {
 *     url: 'https://guestbook.example.com',
 *     checks: [{ path: '/api/entries' }],
 *     interval: Duration.minutes(5),
 *   },
 * });
 */
export class UserExperience extends Construct {
  /** Canary; undefined without `canary`. */
  readonly canary?: Canary;
  /**
   * Fires when runs of the canary fail; undefined without `canary`. Add a dependency from this alarm to a
   * `FirstCanaryRun`. Otherwise a new alarm fires before the first run, because missing data counts as bad.
   */
  readonly canaryFails?: MetricAlarm;
  /** Fires when scripts fail in many browsers; undefined without `appMonitor`. */
  readonly scriptErrors?: MetricAlarm;
  /** Graphs for a dashboard. */
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, props: UserExperienceProps) {
    super(scope, id);
    const { distributionId, appMonitor, canary } = props;
    const name = validName(this, props.name);
    if (canary) {
      this.canary = new Canary(this, 'Canary', { ...canary, name });
      this.canaryFails = new MetricAlarm(this, 'CanaryFails', {
        name,
        meaning: 'The application does not work for a user who opens its address in a browser.',
        action:
          'Open the last run of the canary. Its log names the failed check, and its screenshot shows the page.',
        severity: 'page',
        runbook: '#canary-fails',
        metric: this.canary.canary.metricSuccessPercent({ period: canary.interval, label: 'success' }),
        unit: '% of runs succeed',
        threshold: { below: 100 },
        // A new alarm has data for the first run's period only, and all other periods count as bad. With one good run,
        // 2 of 2 does not fire.
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        // The period equals the canary's interval, so a period without data is a missed run. Without a resource that
        // waits for the first run, a new alarm would fire before it.
        treatMissingData:
          canary.interval.toSeconds() > FirstCanaryRun.LONGEST_INTERVAL.toSeconds()
            ? TreatMissingData.MISSING
            : TreatMissingData.BREACHING,
        trafficGate: { ungated: 'the canary makes its own requests' },
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
                graph({ title: 'Canary: runs that succeed (%)', alarms: [this.canaryFails] }),
                graph({
                  title: 'Canary: time of a run (ms)',
                  metrics: [
                    this.canary.canary.metricDuration({ period: canary?.interval, label: 'duration' }),
                  ],
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
   * Returns an alarm and graphs for the metrics that browsers report.
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
      meaning: 'Scripts of the page fail in many browsers, so parts of the page do not work for users.',
      action: 'Open the errors of the app monitor. If one began with the release, roll the release back.',
      severity: 'ticket',
      runbook: '#script-errors',
      metric: new MathExpression({
        expression: '100 * FILL(errors, 0) / views',
        usingMetrics: { errors: metric('JsErrorCount', Stats.SUM, 'errors'), views },
        period: FIVE_MINUTES,
        label: 'errors in 100 page views',
      }),
      unit: 'script errors in 100 page views',
      threshold: { above: 20 },
      evaluationPeriods: 4,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { requests: views, minimum: 50 },
    });
    return {
      alarm,
      row: [
        graph({
          title: 'Browsers: largest content painted, 75th percentile (ms)',
          metrics: [metric('WebVitalsLargestContentfulPaint', 'p75', 'LCP')],
          lines: [{ value: 2500, label: 'good' }],
        }),
        graph({
          title: 'Browsers: time until an input shows, 75th percentile (ms)',
          metrics: [metric('WebVitalsInteractionToNextPaint', 'p75', 'INP')],
          lines: [{ value: 200, label: 'good' }],
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
