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
  /** Server to monitor. */
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
 * Defines alarms on CPU, memory, missing tasks, failing tasks and failed releases, and an alarm that combines the
 * server's rollback alarms. Also defines rules that count events of ECS and CloudFormation.
 * @example
 * new ServerHealth(this, 'ServerHealth', {
 *   name: 'guestbook-production',
 *   server,
 *   releaseStack: 'guestbook-production-release',
 * });
 */
export class ServerHealth extends Construct {
  /** Fires when the CPU utilization of the tasks is high. */
  readonly cpu: MetricAlarm;
  /** Fires when the memory utilization of a task is high. */
  readonly memory: MetricAlarm;
  /** Fires when fewer tasks run than desired. */
  readonly missingTasks: MetricAlarm;
  /** Fires when tasks stop unexpectedly or do not start. */
  readonly failingTasks: MetricAlarm;
  /** Fires when CloudFormation rolls the release stack back. */
  readonly failedRelease: MetricAlarm;
  /** Fires when a rollback alarm of the server fires. */
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

  /**
   * Returns an alarm that notifies people when a rollback alarm fires. The rollback alarms themselves are defined with
   * the server.
   */
  private rollbackAlarms(): CombinedAlarm {
    const { names } = this.server.rollbackAlarms;
    return new CombinedAlarm(this, 'ServerFails', {
      name: this.name,
      meaning:
        'Many responses fail or are slow, or no task answers. The tasks serve users, or belong to a new release.',
      action:
        'If a release has just been deployed, check whether it was rolled back. Otherwise, look at the errors by class.',
      severity: 'page',
      runbook: '#server-fails',
      requires: 'any',
      alarms: names,
      condition: `one of ${names.join(', ')} fires`,
      missingData: 'good',
      trafficGate: 'each of them has its own; unhealthy tasks are not requests',
    });
  }

  private cpuAlarm(): MetricAlarm {
    return new MetricAlarm(this, 'ServerCpu', {
      name: this.name,
      meaning:
        'The tasks have little CPU left although autoscaling had time to react. Responses become slower.',
      action: 'Check whether the tasks are at their maximum. Raise server.maximumTasks or server.cpu.',
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
      meaning: 'A task is about to be killed for its memory use, with all of its open requests.',
      action:
        'Compare with the previous release. A steady rise is a memory leak. Raise server.memory to gain time.',
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
      meaning: 'Fewer tasks run than desired. Capacity is missing, and ECS cannot start more tasks.',
      action:
        'Read the events of the service and the stop reasons of its tasks: image, secret, subnet or health check.',
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
      // Container Insights has no data of a new service yet. Missing data must not page anybody.
      treatMissingData: TreatMissingData.MISSING,
      trafficGate: RESOURCE,
    });
  }

  private failingTasksAlarm(): MetricAlarm {
    const { clusterName, serviceName } = this.server;
    const cluster = { service: 'ecs', resource: 'cluster', resourceName: clusterName };
    return new MetricAlarm(this, 'FailingTasks', {
      name: this.name,
      meaning: 'Tasks keep stopping unexpectedly or do not start. Requests in them are lost.',
      action:
        'Read the stop reason of the task. Exit code 137 means out of memory; with 1, the log ends with the error.',
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
      meaning: 'A release was rolled back. Users are on the previous release.',
      action:
        'Read the first failed event of the release stack for the step and the reason. Fix it and release again.',
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

  /**
   * Returns the number of events that match a pattern. EventBridge counts the matches of a rule even without targets.
   */
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
