import { randomUUID } from 'node:crypto';
import type { Alarm } from './alarm';
import type { Cloud } from './cloud';
import type { Rule, TargetGroup } from './load-balancer';
import type { Properties } from './players/player';
import { Task } from './task';
import { PlanError } from './template';
import { compressed, pause, until } from './time';

/** A lifecycle hook, as a service declares it. */
export interface Hook {
  readonly function: string;
  readonly stages: readonly string[];
  readonly details: unknown;
}

/** How releases of a service get there. */
export interface DeploymentOptions {
  /** As it was given, in the words of CloudFormation. */
  readonly configuration: Properties;
  readonly strategy: string;
  readonly hooks: readonly Hook[];
  /** Steps in which production traffic moves: share in percent, then minutes to watch. */
  readonly steps: readonly { readonly percent: number; readonly minutes: number }[];
  readonly bakeMinutes: number;
  /** Alarms that roll a deployment back. */
  readonly alarms: readonly Alarm[];
  readonly circuitBreaker: boolean;
}

export interface ServiceOptions extends DeploymentOptions {
  readonly logicalId: string;
  readonly arn: string;
  readonly taskDefinition: string;
  readonly port: number;
  /** Where tasks register; with two colours the second one and the rules that choose between them. */
  readonly groups: readonly TargetGroup[];
  readonly production?: Rule;
  readonly test?: Rule;
  /** What ends a deployment whose tasks do not get healthy; nothing when the plan has nothing that would. */
  readonly watchdog: () => string | undefined;
}

/** A deployment as ECS remembers it. */
interface Deployment {
  readonly arn: string;
  readonly createdAt: number;
  readonly taskDefinition: string;
  /** What ran before. */
  readonly before?: string;
  status: 'IN_PROGRESS' | 'SUCCESSFUL' | 'ROLLBACK_SUCCESSFUL';
  reason?: string;
}

/** A deployment that was taken back. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}

/** A deployment that ECS would never end. */
export class Unwatched extends PlanError {}

/** Failed starts after which nobody expects a task to come up. */
const HOPELESS_STARTS = 3;
/** Milliseconds after which a task that runs but is not healthy will not be. */
const HOPELESS_WAIT = 8_000;

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
  private closing = false;

  constructor(private readonly cloud: Cloud) {}

  /** Whether a release gets its traffic in shares: canary or linear. */
  get inShares(): boolean {
    return (this.options?.steps.length ?? 0) > 0;
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

  private async replace(options: ServiceOptions): Promise<void> {
    const { production, groups } = options;
    const from = this.group;
    // With two colours it is always the other one's turn, at the first deployment too.
    const to = production ? groups.find((group) => group !== (from ?? groups[0]))! : groups[0]!;
    const since = this.cloud.metrics.now;
    const green: Task[] = [];
    this.next = green;
    const { taskDefinition, arn } = options;
    const deployment: Deployment = {
      arn: `${arn.replace(':service/', ':service-deployment/')}/${this.deployments.length}`,
      createdAt: Date.now(),
      taskDefinition,
      before: this.taskDefinition,
      status: 'IN_PROGRESS',
    };
    this.deployments.push(deployment);
    try {
      await this.startHealthy(options, to, green, this.count);
      if (production) await this.shift(options, production, from, to, since);
      else await this.watch(options, since, 2);
    } catch (error) {
      this.cloud.tell('rolling back', (error as Error).message);
      for (const rule of production ? [production, options.test] : [])
        if (rule && from) setWeights(rule, from);
      await this.retire(green, to);
      deployment.status = 'ROLLBACK_SUCCESSFUL';
      deployment.reason = (error as Error).message;
      this.cloud.tell('rolled back');
      throw error;
    }
    deployment.status = 'SUCCESSFUL';
    // Not those there were at the beginning: one may have been replaced meanwhile.
    const old = this.live;
    this.live = green;
    this.group = to;
    this.options = options;
    for (const task of green) this.keep(task, to);
    this.cloud.tell('draining old tasks');
    await this.retire(old, from);
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
  }

  private async startHealthy(
    options: ServiceOptions,
    group: TargetGroup,
    tasks: Task[],
    count: number,
  ): Promise<void> {
    let failures = 0;
    const begun = Date.now();
    const healthy = (task: Task) => group.healthy.some((target) => target.task === task);
    for (;;) {
      for (const task of tasks.filter(({ running }) => !running)) {
        tasks.splice(tasks.indexOf(task), 1);
        void group.deregister(task);
        failures++;
        this.cloud.tell('task ended', `exit code ${task.exitCode}${task.lastWords(5)}`);
      }
      if (failures >= HOPELESS_STARTS)
        throw hopeless(options, `its tasks end by themselves, ${failures} in a row`);
      while (tasks.length < count) tasks.push(this.startTask(options, group));
      if (await until(() => tasks.every(healthy) || tasks.some(({ running }) => !running), 500))
        if (tasks.every(healthy)) return;
      if (Date.now() - begun > HOPELESS_WAIT + compressed(group.options.interval) * 4)
        throw hopeless(
          options,
          `its tasks run but never answer the health check on port ${options.port}, path ${group.options.healthPath}${tasks[0]?.lastWords(3) ?? ''}`,
        );
    }
  }

  private startTask(options: ServiceOptions, group: TargetGroup): Task {
    const { image, container } = this.cloud.taskDefinitions.get(options.taskDefinition)!;
    const task = new Task(randomUUID(), image, container, this.cloud, this.cloud.faultOf('server'));
    group.register(task, options.port);
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

  private async shift(
    options: ServiceOptions,
    production: Rule,
    from: TargetGroup | undefined,
    to: TargetGroup,
    since: number,
  ): Promise<void> {
    const { test, steps, bakeMinutes } = options;
    await this.hooks(options, 'POST_SCALE_UP');
    if (test) {
      await this.hooks(options, 'TEST_TRAFFIC_SHIFT');
      setWeights(test, to);
      this.cloud.tell('test traffic moved');
      await this.hooks(options, 'POST_TEST_TRAFFIC_SHIFT');
    }
    await this.hooks(options, 'PRODUCTION_TRAFFIC_SHIFT');
    for (const { percent, minutes } of from ? steps : []) {
      setWeights(production, to, from, percent);
      this.cloud.tell('production traffic moved', `${percent} %`);
      await this.watch(options, since, minutes);
    }
    setWeights(production, to);
    this.cloud.tell('production traffic moved', '100 %');
    await this.hooks(options, 'POST_PRODUCTION_TRAFFIC_SHIFT');
    // A first deployment has nothing to go back to, and so nothing to watch for.
    if (from) await this.watch(options, since, bakeMinutes);
  }

  private async hooks({ hooks, arn }: ServiceOptions, stage: string): Promise<void> {
    for (const hook of hooks.filter(({ stages }) => stages.includes(stage))) {
      const event = {
        executionId: randomUUID(),
        lifecycleStage: stage,
        resourceArn: arn,
        hookDetails: hook.details,
        executionDetails: { serviceArn: arn, targetServiceRevisionArn: `${arn}/revision` },
      };
      const handler = this.cloud.functions.get(hook.function)!;
      const answer = (await handler.invoke(event)) as { hookStatus?: string } | undefined;
      if (answer?.hookStatus !== 'SUCCEEDED')
        throw new DeploymentFailed(
          `the hook ${handler.options.logicalId} at ${stage} answered ${answer?.hookStatus}: ${handler.complaint}`,
        );
      this.cloud.tell('verified', stage);
    }
  }

  /** Waits while alarms watch; longer than they need to see anything is not worth waiting. */
  private async watch({ alarms }: ServiceOptions, since: number, minutes: number): Promise<void> {
    const needed = Math.max(2, ...alarms.map(({ periods }) => periods + 3));
    const end = Date.now() + compressed(60 * Math.min(minutes, needed));
    for (;;) {
      const alarm = alarms.find((one) => one.inAlarm(since));
      if (alarm)
        throw new DeploymentFailed(`the alarm ${alarm.options.AlarmName} (${alarm.logicalId}) is in ALARM`);
      if (Date.now() >= end) return;
      await pause(100);
    }
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

function hopeless({ logicalId, circuitBreaker, watchdog }: ServiceOptions, why: string): Error {
  const by = circuitBreaker ? "ECS's circuit breaker" : watchdog();
  if (by) return new DeploymentFailed(`${logicalId}: ${why}; ended by ${by}`);
  return new Unwatched(logicalId, '', `${why}, and nothing in the plan ends that: ECS would wait for hours`);
}

function setWeights(rule: Rule, to: TargetGroup, rest?: TargetGroup, percent = 100): void {
  for (const group of rule.weights.keys())
    rule.weights.set(group, group === to ? percent : group === rest ? 100 - percent : 0);
}

function tooShort({ definition }: Task): string {
  return `${definition.logicalId}: ContainerDefinitions.StopTimeout (${definition.stopTimeout} s) is over before the server has ended`;
}
