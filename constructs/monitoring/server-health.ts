import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import type { ContainerServer } from '../server/container-server';
import { CombinedAlarm } from './combined-alarm';
import { type DashboardSection, graph } from './dashboard-section';
import { MetricAlarm } from './metric-alarm';

/** Properties of `ServerHealth`. */
export interface ServerHealthProps {
  /**
   * Prefix of the alarms' names.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Server that is watched. */
  readonly server: ContainerServer;
  /** Name of the stack that deploys releases. */
  readonly releaseStack: string;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const RESOURCE = { ungated: 'counts a resource, not requests' };

/**
 * Alarms on the server's resources and tasks, and on failed releases.
 *
 * Defines alarms on CPU, memory, missing tasks, failing tasks and failed releases, an alarm that combines the
 * server's rollback alarms, and rules that count events of ECS and CloudFormation.
 * @example
 * new ServerHealth(this, 'ServerHealth', {
 *   name: 'guestbook-production',
 *   server,
 *   releaseStack: 'guestbook-production-release',
 * });
 */
export class ServerHealth extends Construct {
  /** Fires when the tasks have little CPU left. */
  readonly cpu: MetricAlarm;
  /** Fires when a task has little memory left. */
  readonly memory: MetricAlarm;
  /** Fires when fewer tasks run than the service wants. */
  readonly missingTasks: MetricAlarm;
  /** Fires when tasks end by themselves or do not start. */
  readonly failingTasks: MetricAlarm;
  /** Fires when CloudFormation rolls the release stack back. */
  readonly failedRelease: MetricAlarm;
  /** Fires when a rollback alarm of the server does. */
  readonly serverFails: CombinedAlarm;
  /** Graphs for a dashboard. */
  readonly section: DashboardSection;
  private readonly name: string;
  private readonly server: ContainerServer;

  constructor(scope: Construct, id: string, { name, server, releaseStack }: ServerHealthProps) {
    super(scope, id);
    this.name = validName(this, name);
    this.server = server;

    this.serverFails = this.rollbackAlarms();
    this.cpu = this.cpuAlarm();
    this.memory = this.memoryAlarm();
    const tasks = { running: this.tasks('Running'), desired: this.tasks('Desired') };
    this.missingTasks = this.missingTasksAlarm(tasks);
    this.failingTasks = this.failingTasksAlarm();
    this.failedRelease = this.failedReleaseAlarm(releaseStack);
    this.section = this.sectionOf(Object.values(tasks));
  }

  /** Rollback alarms are defined with the server. This alarm notifies people when one of them fires. */
  private rollbackAlarms(): CombinedAlarm {
    const { names } = this.server.rollbackAlarms;
    return new CombinedAlarm(this, 'ServerFails', {
      name: this.name,
      meaning:
        'Many answers fail or come late, or no task answers: of the tasks that serve users, or of a new release.',
      action:
        'If a release has just moved, see whether it was rolled back; else look at the errors by class.',
      severity: 'page',
      runbook: '#server-fails',
      requires: 'any',
      alarms: names,
      condition: `one of ${names.join(', ')} fires`,
      missingData: 'good',
      trafficGate: 'gated by each of them; unhealthy tasks are not requests',
    });
  }

  private cpuAlarm(): MetricAlarm {
    return new MetricAlarm(this, 'ServerCpu', {
      name: this.name,
      meaning: 'The tasks have little CPU left although autoscaling had time: answers get slower.',
      action: 'See whether the tasks are at their maximum; raise server.maximumTasks or server.cpu.',
      severity: 'ticket',
      runbook: '#server-cpu',
      metric: this.server.service.metricCpuUtilization({ period: MINUTE, label: 'CPU' }),
      unit: '% of the CPU',
      threshold: { above: 85 },
      evaluationPeriods: 15,
      datapointsToAlarm: 12,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: RESOURCE,
    });
  }

  private memoryAlarm(): MetricAlarm {
    const { service } = this.server;
    return new MetricAlarm(this, 'ServerMemory', {
      name: this.name,
      meaning: 'A task is about to be killed for its memory, with all requests it is answering.',
      action: 'Compare with the release before; a steady rise is a leak. Raise server.memory to gain time.',
      severity: 'ticket',
      runbook: '#server-memory',
      metric: service.metricMemoryUtilization({ period: MINUTE, statistic: Stats.MAXIMUM, label: 'memory' }),
      unit: '% of the memory',
      threshold: { above: 90 },
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: RESOURCE,
    });
  }

  private missingTasksAlarm(usingMetrics: Record<'running' | 'desired', IMetric>): MetricAlarm {
    return new MetricAlarm(this, 'MissingTasks', {
      name: this.name,
      meaning: 'Fewer tasks run than should: capacity is missing, and ECS does not manage to start it.',
      action:
        'Read the service’s events and the reasons of stopped tasks: image, secret, subnet, health check.',
      severity: 'page',
      runbook: '#missing-tasks',
      metric: new MathExpression({
        expression: 'desired - running',
        usingMetrics,
        period: MINUTE,
        label: 'missing tasks',
      }),
      unit: 'tasks missing',
      threshold: { above: 0 },
      evaluationPeriods: 10,
      datapointsToAlarm: 10,
      // Container Insights has no data of a new service yet, and nobody should be woken for that.
      treatMissingData: TreatMissingData.MISSING,
      trafficGate: RESOURCE,
    });
  }

  private failingTasksAlarm(): MetricAlarm {
    const { clusterName, serviceName } = this.server;
    const cluster = { service: 'ecs', resource: 'cluster', resourceName: clusterName };
    return new MetricAlarm(this, 'FailingTasks', {
      name: this.name,
      meaning: 'Tasks end by themselves or do not start, again and again; requests in them are lost.',
      action: 'The stopped task says why: exit code 137 is memory, 1 an error that the log ends with.',
      severity: 'ticket',
      runbook: '#failing-tasks',
      metric: this.events('TaskFailed', 'failed tasks', `A task of ${serviceName} has failed`, {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [Stack.of(this).formatArn(cluster)],
          group: [`service:${serviceName}`],
          lastStatus: ['STOPPED'],
          stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
        },
      }),
      unit: 'failed tasks',
      threshold: { above: 1 },
      evaluationPeriods: 6,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: RESOURCE,
    });
  }

  private failedReleaseAlarm(releaseStack: string): MetricAlarm {
    const stacks = { service: 'cloudformation', resource: 'stack', resourceName: `${releaseStack}/` };
    return new MetricAlarm(this, 'FailedRelease', {
      name: this.name,
      meaning: 'A release was taken back; users are on the one before.',
      action:
        'The first failed event of the release stack says which step and why; mend it and release again.',
      severity: 'ticket',
      runbook: '#failed-release',
      metric: this.events('ReleaseFailed', 'failed releases', `A release of ${releaseStack} has failed`, {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [{ prefix: Stack.of(this).formatArn(stacks) }],
          'status-details': {
            status: ['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
          },
        },
      }),
      unit: 'failed releases',
      threshold: { above: 0 },
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'counts releases, not requests' },
    });
  }

  private sectionOf(tasks: readonly IMetric[]): DashboardSection {
    const unhealthy = this.server.rollbackAlarms.unhealthy.metric;
    return {
      title: 'Server health',
      rows: [
        [
          graph({ title: 'Tasks running and desired', metrics: tasks }),
          graph({ title: 'CPU (%)', alarms: [this.cpu] }),
          graph({ title: 'Memory of the fullest task (%)', alarms: [this.memory] }),
        ],
        [
          graph({ title: 'Missing tasks', alarms: [this.missingTasks] }),
          graph({ title: 'Unhealthy tasks', metrics: [unhealthy] }),
          graph({
            title: 'Failed tasks and releases',
            metrics: [this.failingTasks.metric, this.failedRelease.metric],
            alarms: [this.failingTasks, this.failedRelease],
          }),
        ],
      ],
    };
  }

  /** Number of events that match a pattern. EventBridge counts the matches of a rule without targets too. */
  private events(id: string, label: string, description: string, eventPattern: EventPattern): IMetric {
    const { ruleName } = new Rule(this, id, { description, eventPattern });
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: ruleName },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
      label,
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html */
  private tasks(state: 'Running' | 'Desired'): IMetric {
    const { clusterName, serviceName } = this.server;
    return new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: `${state}TaskCount`,
      dimensionsMap: { ClusterName: clusterName, ServiceName: serviceName },
      statistic: Stats.AVERAGE,
      period: MINUTE,
      label: state.toLowerCase(),
    });
  }
}
