import { randomUUID } from 'node:crypto';
import type { Alarm } from '../cloudwatch/alarm';
import { pause } from '../core/time';
import type { Rule, TargetGroup } from '../elbv2/load-balancer';
import type { EmulatedAccount } from '../emulated-account';
import type { Properties } from '../resource-handler';

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

/** What a service's properties say about how its tasks are replaced. */
export interface ServiceOptions extends DeploymentOptions {
  readonly logicalId: string;
  readonly arn: string;
  readonly taskDefinition: string;
  readonly port: number;
  /** Where tasks register; with two colours the second one and the rules that choose between them. */
  readonly groups: readonly TargetGroup[];
  readonly production?: Rule;
  readonly test?: Rule;
}

/** A deployment that was taken back. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}

/** A deployment of a service, as ECS plays and remembers it. */
export class Deployment {
  readonly arn: string;
  readonly createdAt: number;
  status: 'IN_PROGRESS' | 'SUCCESSFUL' | 'ROLLBACK_IN_PROGRESS' | 'ROLLBACK_SUCCESSFUL' = 'IN_PROGRESS';
  stage = 'SCALE_UP';
  /** Why it failed. */
  reason?: string;
  /** What is wrong with its tasks, while something is. */
  problem?: string;
  /** First minute of metrics that its alarms look at. */
  private readonly since: number;
  private stoppedBy?: string;
  private readonly stopped: Promise<never>;
  private stopNow: () => void = () => {};

  /** @param before task definition of what runs already */
  constructor(
    private readonly cloud: EmulatedAccount,
    readonly options: ServiceOptions,
    readonly before: string | undefined,
    number: number,
  ) {
    this.arn = `${options.arn.replace(':service/', ':service-deployment/')}/${number}`;
    this.createdAt = cloud.clock.now;
    this.since = cloud.metrics.now;
    this.stopped = new Promise((_, reject) => {
      this.stopNow = () => reject(this.failure());
    });
    this.stopped.catch(() => {});
  }

  /** Has it rolled back. */
  stop(by: string): void {
    this.stoppedBy = by;
    this.stopNow();
  }

  /** Throws once somebody has stopped it. */
  check(): void {
    if (this.stoppedBy) throw this.failure();
  }

  /** Moves test and production traffic as the strategy says, and watches. */
  async shift(production: Rule, from: TargetGroup | undefined, to: TargetGroup): Promise<void> {
    const { test, steps, bakeMinutes } = this.options;
    const { cloud } = this;
    await this.enter('POST_SCALE_UP');
    if (test) {
      await this.enter('TEST_TRAFFIC_SHIFT');
      setWeights(test, to);
      cloud.tell('test traffic moved');
      await this.enter('POST_TEST_TRAFFIC_SHIFT');
    }
    await this.enter('PRODUCTION_TRAFFIC_SHIFT');
    for (const { percent, minutes } of from ? steps : []) {
      setWeights(production, to, from, percent);
      cloud.tell('production traffic moved', `${percent} %`);
      await this.watch(minutes);
    }
    setWeights(production, to);
    cloud.tell('production traffic moved', '100 %');
    await this.enter('POST_PRODUCTION_TRAFFIC_SHIFT');
    this.stage = 'BAKE_TIME';
    // A first deployment has nothing to go back to, and so nothing to watch for.
    if (from) await this.watch(bakeMinutes);
  }

  /** Waits while alarms watch; longer than they need to see anything is not worth waiting. */
  async watch(minutes: number): Promise<void> {
    const { alarms } = this.options;
    const { metrics } = this.cloud;
    const needed = Math.max(2, ...alarms.map(({ minutes: long }) => long + 3));
    const end = metrics.now + Math.min(minutes, needed);
    for (;;) {
      this.check();
      const alarm = alarms.find((one) => one.inAlarm(this.since));
      if (alarm)
        throw new DeploymentFailed(`the alarm ${alarm.options.AlarmName} (${alarm.logicalId}) is in ALARM`);
      if (metrics.now >= end) return;
      await pause(100);
    }
  }

  /** A stage of its life, with the hooks of that stage. */
  private async enter(stage: string): Promise<void> {
    const { cloud, arn } = this;
    const { hooks, arn: serviceArn } = this.options;
    this.stage = stage;
    this.check();
    for (const hook of hooks.filter(({ stages }) => stages.includes(stage))) {
      const event = {
        executionId: randomUUID(),
        lifecycleStage: stage,
        resourceArn: serviceArn,
        hookDetails: hook.details,
        executionDetails: { serviceArn, targetServiceRevisionArn: `${arn}/revision` },
      };
      const handler = cloud.functions.get(hook.function)!;
      const asked = cloud.clock.during(handler.invoke(event));
      const answer = (await Promise.race([asked, this.stopped])) as { hookStatus?: string } | undefined;
      if (answer?.hookStatus !== 'SUCCEEDED')
        throw new DeploymentFailed(
          `the hook ${handler.options.logicalId} at ${stage} answered ${answer?.hookStatus}: ${handler.complaint}`,
        );
      cloud.tell('verified', stage);
    }
  }

  private failure(): DeploymentFailed {
    const { options, problem = `it was stopped at ${this.stage}`, stoppedBy } = this;
    return new DeploymentFailed(`${options.logicalId}: ${problem}; ended by ${stoppedBy}`);
  }
}

/** Sends `percent` of the traffic to one group, and what is left to another. */
export function setWeights(rule: Rule, to: TargetGroup, rest?: TargetGroup, percent = 100): void {
  for (const group of rule.weights.keys())
    rule.weights.set(group, group === to ? percent : group === rest ? 100 - percent : 0);
}
