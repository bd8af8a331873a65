import type { Properties } from '../core/properties';
import { compressed } from '../core/time';
import type { TargetGroup } from '../elbv2/target-group';
import { Deployment, type DeploymentOptions, type ServiceOptions, setWeights } from './deployment';
import { announceDeployment } from './service-events';
import { type ServiceHost, startHealthy } from './start-tasks';
import type { Task } from './task';

const INSIGHTS = 'ECS/ContainerInsights';

/** An ECS service: keeps tasks running, and replaces them with those of another release. */
export class Service {
  /** Desired number of tasks. */
  count = 1;
  live: Task[] = [];
  /** Tasks of a deployment in progress. */
  next: Task[] = [];
  /** All deployments, the latest last. */
  readonly deployments: Deployment[] = [];
  /** Target group of the live tasks. */
  private group?: TargetGroup;
  private options?: ServiceOptions;
  /** Settles when the latest deployment ends. The next deployment waits for it. */
  private latest: Promise<void> = Promise.resolve();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly host: ServiceHost) {
    host.stage.metrics.announce(INSIGHTS, 'DesiredTaskCount', 'RunningTaskCount');
    this.heartbeat = setInterval(() => this.report(), compressed(60)).unref();
  }

  /** True if traffic shifts in steps: canary or linear. */
  get inShares(): boolean {
    return (this.options?.steps.length ?? 0) > 0;
  }

  /** True while a rollback alarm is in ALARM. */
  get firing(): boolean {
    return this.options?.alarms.some((alarm) => alarm.inAlarm(0)) ?? false;
  }

  get logicalId(): string {
    return this.options?.logicalId ?? '';
  }

  /** ARN of the live release's task definition. */
  get taskDefinition(): string | undefined {
    return this.options?.taskDefinition;
  }

  /** All running tasks, including those of a deployment in progress. */
  get tasks(): readonly Task[] {
    return [...new Set([...this.live, ...this.next])].filter(({ running }) => running);
  }

  /** The live task with the most requests in progress. */
  get busiest(): Task {
    const busy = (task: Task) =>
      [...this.group!.targets].find((target) => target.host === task)?.pending.size ?? 0;
    return [...this.live].sort((one, other) => busy(other) - busy(one))[0]!;
  }

  /** The `DeploymentConfiguration` in the spelling of CloudFormation. */
  get configuration(): Properties {
    return this.options?.configuration ?? {};
  }

  /** Replaces all tasks, with the same release or another one. */
  redeploy(taskDefinition = this.options!.taskDefinition): Promise<void> {
    return this.replace({ ...this.options!, taskDefinition });
  }

  /** Changes the deployment settings of later releases. */
  configure(options: DeploymentOptions): void {
    this.options = { ...this.options!, ...options };
  }

  /** Updates the service to its properties. Throws if the new tasks fail; the old ones then keep running. */
  async deploy(options: ServiceOptions): Promise<void> {
    const same =
      this.options && JSON.stringify(comparable(this.options)) === JSON.stringify(comparable(options));
    if (!same) await this.replace(options);
  }

  private replace(options: ServiceOptions): Promise<void> {
    const replaced = this.latest.then(() => this.replaceNow(options));
    this.latest = replaced.catch(() => {});
    return replaced;
  }

  private async replaceNow(options: ServiceOptions): Promise<void> {
    const { production, groups } = options;
    const { stage } = this.host;
    const from = this.group;
    // A blue/green service always uses the other target group, even for its first deployment.
    const to = production ? groups.find((group) => group !== (from ?? groups[0]))! : groups[0]!;
    const green: Task[] = [];
    this.next = green;
    const deployment = new Deployment(stage, options, this.taskDefinition, this.deployments.length);
    this.deployments.push(deployment);
    announceDeployment(stage, options.arn, deployment.arn);
    stage.milestones.emit('deployment begins');
    try {
      await startHealthy(this.host, { options, group: to, tasks: green, count: this.count, deployment });
      if (production) await deployment.shift(production, from, to);
      else await deployment.watch(2);
    } catch (error) {
      deployment.status = 'ROLLBACK_IN_PROGRESS';
      deployment.reason = (error as Error).message;
      stage.announce('rolling back', deployment.reason);
      for (const rule of production ? [production, options.test] : [])
        if (rule && from) setWeights(rule, from);
      await this.retire(green, to);
      deployment.status = 'ROLLBACK_SUCCESSFUL';
      stage.announce('rolled back');
      throw error;
    }
    // Read the live tasks now: one may have been replaced since the beginning.
    const old = this.live;
    this.live = green;
    this.group = to;
    this.options = options;
    for (const task of green) this.keep(task, to);
    deployment.stage = 'CLEAN_UP';
    stage.announce('draining old tasks');
    await this.retire(old, from);
    deployment.status = 'SUCCESSFUL';
  }

  /** Changes the desired number of tasks. */
  async scale(count: number): Promise<void> {
    this.count = count;
    const { options, group } = this;
    if (!options || !group) return;
    const more: Task[] = [];
    await startHealthy(this.host, { options, group, tasks: more, count: count - this.live.length });
    // If a deployment has ended meanwhile, the live tasks belong to another release.
    if (group !== this.group) {
      await this.retire(more, group);
      return this.scale(this.count);
    }
    this.live.push(...more);
    for (const task of more) this.keep(task, group);
  }

  /** Stops a task as a terminated host does: SIGTERM comes together with the deregistration, not after it. */
  async interrupt(task: Task): Promise<void> {
    this.live = this.live.filter((one) => one !== task);
    const gone = this.group!.deregister(task);
    await task.stop();
    if (task.killed) this.host.stage.announce('task killed', tooShort(task));
    await gone;
    await this.scale(this.count);
  }

  close(): void {
    clearInterval(this.heartbeat);
  }

  /** Replaces a live task when it ends by itself. */
  private keep(task: Task, group: TargetGroup): void {
    void task.ended.then(async () => {
      if (this.host.closing || !this.live.includes(task)) return;
      this.live = this.live.filter((one) => one !== task);
      this.host.stage.announce('task lost', `exit code ${task.exitCode}`);
      await group.deregister(task);
      await this.scale(this.count).catch(() => {});
    });
  }

  /** Reports the metrics of Container Insights every minute. */
  private report(): void {
    const name = this.options?.arn.split('/').at(-1);
    if (!name) return;
    const { metrics } = this.host.stage;
    metrics.put(INSIGHTS, 'DesiredTaskCount', name, this.count);
    metrics.put(INSIGHTS, 'RunningTaskCount', name, this.tasks.length);
  }

  private async retire(tasks: readonly Task[], group?: TargetGroup): Promise<void> {
    await Promise.all(
      tasks.map(async (task) => {
        await group?.deregister(task);
        await task.stop();
        if (task.killed) this.host.stage.announce('task killed', tooShort(task));
      }),
    );
  }
}

/** Returns the options whose change starts a new deployment. */
function comparable({ taskDefinition, port, strategy }: ServiceOptions): object {
  return { taskDefinition, port, strategy };
}

function tooShort({ definition: { logicalId, container } }: Task): string {
  return `${logicalId}: ContainerDefinitions.StopTimeout (${container.stopTimeout} s) is too short for the server to stop`;
}
