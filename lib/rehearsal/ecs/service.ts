import { randomUUID } from 'node:crypto';
import { PlanError } from '../core/template';
import { compressed, settled, until } from '../core/time';
import type { TargetGroup } from '../elbv2/load-balancer';
import type { EmulatedAccount } from '../emulated-account';
import type { Properties } from '../resource-handler';
import {
  Deployment,
  DeploymentFailed,
  type DeploymentOptions,
  type ServiceOptions,
  setWeights,
} from './deployment';
import { Task } from './task';

const INSIGHTS = 'ECS/ContainerInsights';

/** A deployment that ECS would never end. */
export class Unwatched extends PlanError {}

/** Failed starts after which nobody expects a task to come up. */
const HOPELESS_STARTS = 3;
/** Milliseconds after which a task that listens but is not healthy will not be. */
const HOPELESS_WAIT = 8_000;
/** Milliseconds a task is given to listen: starting a process takes as long here as anywhere. */
const START_PATIENCE = 30_000;
/** ECS starts tasks that keep ending less and less often: milliseconds of the first and of the longest pause. */
const RESTART_PAUSE = [250, 4_000] as const;

/** A service of ECS: keeps tasks running, and replaces them by those of another release. */
export class Service {
  /** Tasks that ought to run. */
  count = 1;
  live: Task[] = [];
  /** Tasks of a deployment that is under way. */
  next: Task[] = [];
  /** Latest last. */
  readonly deployments: Deployment[] = [];
  /** Where the live tasks are registered. */
  private group?: TargetGroup;
  private options?: ServiceOptions;
  /** The end of the latest deployment; another one begins after it. */
  private latest: Promise<void> = Promise.resolve();
  private closing = false;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly cloud: EmulatedAccount) {
    cloud.metrics.announce(INSIGHTS, 'DesiredTaskCount', 'RunningTaskCount');
    this.heartbeat = setInterval(() => this.report(), compressed(60)).unref();
  }

  /** Whether a release gets its traffic in shares: canary or linear. */
  get inShares(): boolean {
    return (this.options?.steps.length ?? 0) > 0;
  }

  /** Whether an alarm is in ALARM that would take a release back. */
  get firing(): boolean {
    return this.options?.alarms.some((alarm) => alarm.inAlarm(0)) ?? false;
  }

  get logicalId(): string {
    return this.options?.logicalId ?? '';
  }

  /** Which release is live. */
  get taskDefinition(): string | undefined {
    return this.options?.taskDefinition;
  }

  /** All of its tasks. */
  get tasks(): readonly Task[] {
    return [...new Set([...this.live, ...this.next])].filter(({ running }) => running);
  }

  /** Of the live tasks the one with the most requests under way. */
  get busiest(): Task {
    const busy = (task: Task) =>
      [...this.group!.targets].find((target) => target.task === task)?.pending.size ?? 0;
    return [...this.live].sort((one, other) => busy(other) - busy(one))[0]!;
  }

  /** How its releases get there, in the words of CloudFormation. */
  get configuration(): Properties {
    return this.options?.configuration ?? {};
  }

  /** Replaces every task by a new one, of the same release unless another is named. */
  redeploy(taskDefinition = this.options!.taskDefinition): Promise<void> {
    return this.replace({ ...this.options!, taskDefinition });
  }

  /** How releases get there from now on. */
  configure(options: DeploymentOptions): void {
    this.options = { ...this.options!, ...options };
  }

  /** Replaces the tasks; when that fails, those there were are the ones that stay. */
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
    const from = this.group;
    // With two colours it is always the other one's turn, at the first deployment too.
    const to = production ? groups.find((group) => group !== (from ?? groups[0]))! : groups[0]!;
    const green: Task[] = [];
    this.next = green;
    const deployment = new Deployment(this.cloud, options, this.taskDefinition, this.deployments.length);
    this.deployments.push(deployment);
    this.announce(options, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
    this.cloud.events.emit('deployment begins');
    try {
      await this.startHealthy(options, to, green, this.count, deployment);
      if (production) await deployment.shift(production, from, to);
      else await deployment.watch(2);
    } catch (error) {
      deployment.status = 'ROLLBACK_IN_PROGRESS';
      deployment.reason = (error as Error).message;
      this.cloud.tell('rolling back', deployment.reason);
      for (const rule of production ? [production, options.test] : [])
        if (rule && from) setWeights(rule, from);
      await this.retire(green, to);
      deployment.status = 'ROLLBACK_SUCCESSFUL';
      this.cloud.tell('rolled back');
      throw error;
    }
    // Not those there were at the beginning: one may have been replaced meanwhile.
    const old = this.live;
    this.live = green;
    this.group = to;
    this.options = options;
    for (const task of green) this.keep(task, to);
    deployment.stage = 'CLEAN_UP';
    this.cloud.tell('draining old tasks');
    await this.retire(old, from);
    deployment.status = 'SUCCESSFUL';
  }

  /** Runs `count` tasks from now on. */
  async scale(count: number): Promise<void> {
    this.count = count;
    const { options, group } = this;
    if (!options || !group) return;
    const more: Task[] = [];
    await this.startHealthy(options, group, more, count - this.live.length);
    // Meanwhile a deployment may have ended, and the tasks there are be those of another release.
    if (group !== this.group) {
      await this.retire(more, group);
      return this.scale(this.count);
    }
    this.live.push(...more);
    for (const task of more) this.keep(task, group);
  }

  /** Takes a task out as a host that goes away does: SIGTERM comes with the deregistration, not after it. */
  async interrupt(task: Task): Promise<void> {
    this.live = this.live.filter((one) => one !== task);
    const gone = this.group!.deregister(task);
    await task.stop();
    if (task.killed) this.cloud.tell('task killed', tooShort(task));
    await gone;
    await this.scale(this.count);
  }

  close(): void {
    this.closing = true;
    clearInterval(this.heartbeat);
  }

  /** @param deployment what `tasks` are started for, and may be stopped meanwhile */
  private async startHealthy(
    options: ServiceOptions,
    group: TargetGroup,
    tasks: Task[],
    count: number,
    deployment?: Deployment,
  ): Promise<void> {
    let failures = 0;
    let [restart, listening] = [0, Date.now()];
    const { healthPath, interval } = group.options;
    const healthy = (task: Task) => group.healthy.some((target) => target.task === task);
    const ready = () => tasks.length >= count && tasks.every(healthy);
    for (;;) {
      for (const task of tasks.filter(({ running }) => !running)) {
        tasks.splice(tasks.indexOf(task), 1);
        void group.deregister(task);
        const [first, longest] = RESTART_PAUSE;
        restart = Date.now() + Math.min(longest, first * 2 ** failures++);
        this.cloud.tell('task ended', `exit code ${task.exitCode}${task.lastWords(5)}`);
      }
      let problem: string | undefined;
      if (failures >= HOPELESS_STARTS) problem = `its tasks end by themselves, ${failures} in a row`;
      else if (Date.now() - listening > HOPELESS_WAIT + compressed(interval) * 4)
        problem = `its tasks run but never answer the health check on port ${options.port}, path ${healthPath}${tasks[0]?.lastWords(3) ?? ''}`;
      if (deployment) deployment.problem = problem;
      deployment?.check();
      if (problem) this.requireEnd(options, problem, deployment);
      if (Date.now() >= restart) while (tasks.length < count) tasks.push(this.startTask(options, group));
      if (tasks.some(({ starting }) => starting)) listening = Date.now();
      await until(() => ready() || tasks.some(({ running }) => !running), 500);
      if (ready()) return;
    }
  }

  /** Throws unless something of the plan is about to end a deployment that has no hope. */
  private requireEnd(
    { logicalId, circuitBreaker }: ServiceOptions,
    problem: string,
    deployment: Deployment | undefined,
  ): void {
    if (deployment && circuitBreaker)
      throw new DeploymentFailed(`${logicalId}: ${problem}; ended by ECS's circuit breaker`);
    const machines = [...this.cloud.machines.values()];
    if (deployment && machines.some(({ running }) => running)) return;
    throw new Unwatched(
      logicalId,
      '',
      `${problem}, and nothing in the plan ends that: ECS would wait for hours`,
    );
  }

  private startTask(options: ServiceOptions, group: TargetGroup): Task {
    const { image, container } = this.cloud.taskDefinitions.get(options.taskDefinition)!;
    const task = new Task(randomUUID(), image, container, this.cloud, this.cloud.faultOf('server'));
    group.register(task, options.port);
    void this.cloud.clock.during(settled(task.started, START_PATIENCE));
    void task.ended.then(() => this.announceEnd(options, task));
    return task;
  }

  /** Replaces a live task that ends without having been asked to. */
  private keep(task: Task, group: TargetGroup): void {
    void task.ended.then(async () => {
      if (this.closing || !this.live.includes(task)) return;
      this.live = this.live.filter((one) => one !== task);
      this.cloud.tell('task lost', `exit code ${task.exitCode}`);
      await group.deregister(task);
      await this.scale(this.count).catch(() => {});
    });
  }

  /** What Container Insights says of it every minute. */
  private report(): void {
    const name = this.options?.arn.split('/').at(-1);
    if (!name) return;
    this.cloud.metrics.put(INSIGHTS, 'DesiredTaskCount', name, this.count);
    this.cloud.metrics.put(INSIGHTS, 'RunningTaskCount', name, this.tasks.length);
  }

  /** Puts the event on the bus that ECS puts there. */
  private announce({ arn }: ServiceOptions, eventName: string): void {
    this.cloud.bus.put({
      source: 'aws.ecs',
      'detail-type': 'ECS Deployment State Change',
      resources: [arn],
      detail: { eventType: 'INFO', eventName, deploymentId: this.deployments.at(-1)!.arn },
    });
  }

  private announceEnd({ arn }: ServiceOptions, task: Task): void {
    const [cluster, service] = arn.split('/').slice(-2);
    const stopCode = task.asked ? 'ServiceSchedulerInitiated' : 'EssentialContainerExited';
    const clusterArn = arn.replace(/:service\/.*/, `:cluster/${cluster}`);
    if (this.closing) return;
    this.cloud.bus.put({
      source: 'aws.ecs',
      'detail-type': 'ECS Task State Change',
      detail: { clusterArn, group: `service:${service}`, lastStatus: 'STOPPED', stopCode },
    });
  }

  private async retire(tasks: readonly Task[], group?: TargetGroup): Promise<void> {
    await Promise.all(
      tasks.map(async (task) => {
        await group?.deregister(task);
        await task.stop();
        if (task.killed) this.cloud.tell('task killed', tooShort(task));
      }),
    );
  }
}

/** What makes a deployment differ from another. */
function comparable({ taskDefinition, port, strategy }: ServiceOptions): object {
  return { taskDefinition, port, strategy };
}

function tooShort({ definition }: Task): string {
  return `${definition.logicalId}: ContainerDefinitions.StopTimeout (${definition.stopTimeout} s) is over before the server has ended`;
}
