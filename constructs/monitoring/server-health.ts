import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { ContainerServer } from '../server/container-server';
import { CombinedAlarm } from './combined-alarm';
import { type DashboardSection, graph } from './dashboard-section';
import { MetricAlarm } from './metric-alarm';

export interface ServerHealthProps {
  /** Prefix of the alarms' names; name of the server's service, too. */
  readonly name: string;
  readonly server: ContainerServer;
  /** Name of the stack that deploys releases. */
  readonly releaseStack: string;
}

const MINUTE = Duration.minutes(1);
const RESOURCE = { ungated: 'counts a resource, not requests' };

/**
 * Whether the server has what it needs, and whether all of it runs.
 *
 * Defines alarms on CPU, memory, missing and failing tasks and failed releases, one that combines the alarms
 * that take a release back, and the rules that count ECS's and CloudFormation's events.
 * @example
 * new ServerHealth(this, 'ServerHealth', {
 *   name: 'guestbook-production',
 *   server,
 *   releaseStack: 'guestbook-production-release',
 * });
 */
export class ServerHealth extends Construct {
  readonly cpu: MetricAlarm;
  readonly memory: MetricAlarm;
  readonly missingTasks: MetricAlarm;
  readonly failingTasks: MetricAlarm;
  readonly failedRelease: MetricAlarm;
  readonly serverFails: CombinedAlarm;
  readonly section: DashboardSection;

  constructor(scope: Construct, id: string, { name, server, releaseStack }: ServerHealthProps) {
    super(scope, id);
    const { service, rollbackAlarms } = server;

    // Made with the server, for they take its releases back; here they only find their way to people.
    this.serverFails = new CombinedAlarm(this, 'ServerFails', {
      name,
      meaning:
        'Of the tasks that serve users, or of a new release’s, many answers fail, come late, or none come.',
      action:
        'If a release has just moved, see whether it was rolled back; else look at the errors by class.',
      severity: 'page',
      runbook: '#server-fails',
      fires: 'when any does',
      alarms: rollbackAlarms.names,
      condition: `one of ${rollbackAlarms.names.join(', ')} fires`,
      missingData: 'good',
      lowTraffic: 'gated by each of them; unhealthy tasks are not requests',
    });
    this.cpu = new MetricAlarm(this, 'ServerCpu', {
      name,
      meaning: 'The tasks have hardly any CPU left although autoscaling had time: answers get slower.',
      action: 'See whether the tasks are at their maximum; raise server.maximumTasks or server.cpu.',
      severity: 'ticket',
      runbook: '#server-cpu',
      metric: service.metricCpuUtilization({ period: MINUTE, label: 'CPU' }),
      unit: '% of the CPU',
      limit: { above: 85 },
      datapoints: { bad: 12, of: 15 },
      missingData: 'good',
      lowTraffic: RESOURCE,
    });
    this.memory = new MetricAlarm(this, 'ServerMemory', {
      name,
      meaning: 'A task is about to be killed for its memory, with all requests it is answering.',
      action: 'Compare with the release before; a steady rise is a leak. Raise server.memory to gain time.',
      severity: 'ticket',
      runbook: '#server-memory',
      metric: service.metricMemoryUtilization({ period: MINUTE, statistic: Stats.MAXIMUM, label: 'memory' }),
      unit: '% of the memory',
      limit: { above: 90 },
      datapoints: { bad: 5, of: 5 },
      missingData: 'good',
      lowTraffic: RESOURCE,
    });
    const running = insights(server, name, 'RunningTaskCount', 'running');
    const desired = insights(server, name, 'DesiredTaskCount', 'desired');
    this.missingTasks = new MetricAlarm(this, 'MissingTasks', {
      name,
      meaning: 'Fewer tasks run than should: capacity is missing, and ECS does not manage to start it.',
      action:
        'Read the service’s events and the reasons of stopped tasks: image, secret, subnet, health check.',
      severity: 'page',
      runbook: '#missing-tasks',
      metric: new MathExpression({
        expression: 'desired - running',
        usingMetrics: { desired, running },
        period: MINUTE,
        label: 'missing tasks',
      }),
      unit: 'tasks missing',
      limit: { above: 0 },
      datapoints: { bad: 10, of: 10 },
      // Container Insights reports every minute: silence means that there is nothing to report on.
      missingData: 'bad',
      lowTraffic: RESOURCE,
    });
    this.failingTasks = new MetricAlarm(this, 'FailingTasks', {
      name,
      meaning: 'Tasks end by themselves or do not start, again and again; requests in them are lost.',
      action: 'The stopped task says why: exit code 137 is memory, 1 an error that the log ends with.',
      severity: 'ticket',
      runbook: '#failing-tasks',
      metric: this.counted('TaskFailed', 'failed tasks', `A task of ${name} has failed`, {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [Stack.of(this).formatArn({ service: 'ecs', resource: 'cluster', resourceName: name })],
          group: [`service:${name}`],
          lastStatus: ['STOPPED'],
          stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
        },
      }),
      unit: 'failed tasks',
      limit: { above: 1 },
      datapoints: { bad: 2, of: 6 },
      missingData: 'good',
      lowTraffic: RESOURCE,
    });
    this.failedRelease = new MetricAlarm(this, 'FailedRelease', {
      name,
      meaning: 'A release was taken back; users are on the one before.',
      action:
        'The first failed event of the release stack says which step and why; mend it and release again.',
      severity: 'ticket',
      runbook: '#failed-release',
      metric: this.counted('ReleaseFailed', 'failed releases', `A release of ${name} has failed`, {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [
            {
              prefix: Stack.of(this).formatArn({
                service: 'cloudformation',
                resource: 'stack',
                resourceName: `${releaseStack}/`,
              }),
            },
          ],
          'status-details': {
            status: ['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
          },
        },
      }),
      unit: 'failed releases',
      limit: { above: 0 },
      datapoints: { bad: 1, of: 1 },
      missingData: 'good',
      lowTraffic: { ungated: 'counts releases, not requests' },
    });

    this.section = {
      title: 'Server health',
      rows: [
        [
          graph({ title: 'Tasks running and desired', metrics: [running, desired] }),
          graph({ title: 'CPU (%)', alarms: [this.cpu] }),
          graph({ title: 'Memory of the fullest task (%)', alarms: [this.memory] }),
        ],
        [
          graph({ title: 'Missing tasks', alarms: [this.missingTasks] }),
          graph({ title: 'Unhealthy tasks', metrics: [rollbackAlarms.unhealthy.metric] }),
          graph({
            title: 'Failed tasks and releases',
            metrics: [this.failingTasks.metric, this.failedRelease.metric],
            alarms: [this.failingTasks, this.failedRelease],
          }),
        ],
      ],
    };
  }

  /** Events that EventBridge matches; a rule is counted without having a target. */
  private counted(id: string, label: string, description: string, eventPattern: EventPattern): IMetric {
    const { ruleName } = new Rule(this, id, { description, eventPattern });
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: ruleName },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      label,
    });
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html */
function insights(server: ContainerServer, name: string, metricName: string, label: string): IMetric {
  return new Metric({
    namespace: 'ECS/ContainerInsights',
    metricName,
    dimensionsMap: { ClusterName: server.clusterName, ServiceName: name },
    statistic: Stats.AVERAGE,
    period: MINUTE,
    label,
  });
}
