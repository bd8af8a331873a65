import { randomUUID } from 'node:crypto';
import type { Alarm } from '../cloudwatch/alarm';
import { ServiceError } from '../core/aws-api';
import type { Party } from '../core/network';
import type { Properties } from '../core/properties';
import type { Stage } from '../core/stage';
import { pause } from '../core/time';
import type { Rule } from '../elbv2/listener';
import type { TargetGroup } from '../elbv2/target-group';
import type { LambdaFunction } from '../lambda/lambda-function';
import { ended } from './ended';

/** A lifecycle hook of a service. */
export interface Hook {
  readonly handler: LambdaFunction;
  /** ARN of the function. */
  readonly arn: string;
  /** ARN of the role with which ECS invokes the function. */
  readonly role: string;
  readonly stages: readonly string[];
  readonly details: unknown;
}

/** The `DeploymentConfiguration` of a service. */
export interface DeploymentOptions {
  /** The configuration in the spelling of CloudFormation. */
  readonly configuration: Properties;
  readonly strategy: string;
  readonly hooks: readonly Hook[];
  /** Steps of production traffic: the percentage, and the minutes to watch. */
  readonly steps: readonly { readonly percent: number; readonly minutes: number }[];
  readonly bakeMinutes: number;
  /** Alarms that roll the deployment back. */
  readonly alarms: readonly Alarm[];
  readonly circuitBreaker: boolean;
}

/** The properties of a service. */
export interface ServiceOptions extends DeploymentOptions {
  readonly logicalId: string;
  /** The service. Its tasks have its network. */
  readonly party: Party;
  readonly arn: string;
  /** ARN. */
  readonly taskDefinition: string;
  readonly port: number;
  /** Target groups of the tasks. A blue/green service has two, and listener rules choose between them. */
  readonly groups: readonly TargetGroup[];
  readonly production?: Rule;
  readonly test?: Rule;
}

/** A deployment that fails, so that ECS rolls it back. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}

/** A service deployment: its stages and its outcome. */
export class Deployment {
  readonly arn: string;
  /** Milliseconds since 1970, on the clock of the rehearsal. */
  readonly createdAt: number;
  status: 'IN_PROGRESS' | 'SUCCESSFUL' | 'ROLLBACK_IN_PROGRESS' | 'ROLLBACK_SUCCESSFUL' = 'IN_PROGRESS';
  stage = 'SCALE_UP';
  /** The reason why the deployment failed. */
  reason?: string;
  /** Present problem of the new tasks. */
  problem?: string;
  /** First minute of metrics that the alarms evaluate. */
  private readonly since: number;
  /** True if an alarm was in ALARM at the start of the deployment. ECS then ignores all alarms until its end. */
  private readonly ignoresAlarms: boolean;
  private alarm?: Alarm;
  private stoppedBy?: string;
  private readonly stopped: Promise<never>;
  private stopNow: () => void = () => {};

  /** @param before ARN of the running task definition */
  constructor(
    private readonly ground: Stage,
    readonly options: ServiceOptions,
    readonly before: string | undefined,
    number: number,
  ) {
    this.arn = `${options.arn.replace(':service/', ':service-deployment/')}/${number}`;
    this.createdAt = ground.clock.now;
    this.since = ground.metrics.now;
    // ECS can only roll back to a former deployment, so alarms do not watch the first one.
    this.ignoresAlarms = !before || options.alarms.some((alarm) => alarm.inAlarm(0));
    this.stopped = new Promise((_, reject) => {
      this.stopNow = () => reject(this.failure());
    });
    this.stopped.catch(() => {});
  }

  /** ARN of the new service revision. */
  get revision(): string {
    return this.arn.replace(':service-deployment/', ':service-revision/');
  }

  /** ARN of the former service revision. */
  get formerRevision(): string {
    return `${this.revision}-before`;
  }

  /** Fails the deployment, so that ECS rolls it back. */
  stop(by: string): void {
    this.stoppedBy = by;
    this.stopNow();
  }

  /** Throws after a call of `stop`, or if an alarm has fired. */
  check(): void {
    const { alarms } = this.options;
    if (!this.ignoresAlarms) this.alarm ??= alarms.find((one) => one.inAlarm(this.since));
    if (this.alarm || this.stoppedBy) throw this.failure();
  }

  /** Shifts test and production traffic according to the strategy, and watches the alarms. */
  async shift(production: Rule, from: TargetGroup | undefined, to: TargetGroup): Promise<void> {
    const { test, steps, bakeMinutes } = this.options;
    const { ground } = this;
    await this.enter('POST_SCALE_UP');
    if (test) {
      await this.enter('TEST_TRAFFIC_SHIFT');
      setWeights(test, to);
      ground.announce('test traffic moved');
      await this.enter('POST_TEST_TRAFFIC_SHIFT');
    }
    await this.enter('PRODUCTION_TRAFFIC_SHIFT');
    for (const { percent, minutes } of from ? steps : []) {
      setWeights(production, to, from, percent);
      ground.announce('production traffic moved', `${percent} %`);
      await this.watch(minutes);
    }
    setWeights(production, to);
    ground.announce('production traffic moved', '100 %');
    await this.enter('POST_PRODUCTION_TRAFFIC_SHIFT');
    this.stage = 'BAKE_TIME';
    // Without a former release, a rollback is impossible, so nothing is watched.
    if (from) await this.watch(bakeMinutes);
  }

  /** Watches the alarms for some minutes, or shorter if the alarms need less time to evaluate all data. */
  async watch(minutes: number): Promise<void> {
    const { alarms } = this.options;
    const { metrics } = this.ground;
    const needed = Math.max(2, ...alarms.map(({ minutes: long }) => long + 3));
    const end = metrics.now + Math.min(minutes, needed);
    for (;;) {
      this.check();
      if (metrics.now >= end) return;
      await pause(100);
    }
  }

  /** Enters a lifecycle stage and invokes its hooks. */
  private async enter(stage: string): Promise<void> {
    this.stage = stage;
    this.check();
    for (const hook of this.options.hooks.filter(({ stages }) => stages.includes(stage))) {
      const { handler } = hook;
      const asked = this.ground.clock.during(this.invoke(hook, stage));
      const answer = await Promise.race([asked, this.stopped]).catch((error: Error) => {
        if (!(error instanceof ServiceError)) throw error;
        throw new DeploymentFailed(
          `the hook ${handler.options.logicalId} at ${stage} could not be invoked: ${error.message}`,
        );
      });
      if (answer?.hookStatus !== 'SUCCEEDED')
        throw new DeploymentFailed(
          `the hook ${handler.options.logicalId} at ${stage} answered ${answer?.hookStatus}: ${handler.complaint}`,
        );
      this.ground.announce('verified', stage);
    }
  }

  private async invoke(hook: Hook, lifecycleStage: string): Promise<{ hookStatus?: string } | undefined> {
    const { arn: serviceArn, logicalId } = this.options;
    const event = {
      executionId: randomUUID(),
      lifecycleStage,
      resourceArn: serviceArn,
      hookDetails: hook.details,
      executionDetails: { serviceArn, targetServiceRevisionArn: this.revision },
    };
    const { Payload } = await this.ground.api.call<{ Payload?: { hookStatus?: string } }>(
      { name: logicalId, principal: hook.role },
      'lambda:Invoke',
      { FunctionName: hook.arn, Payload: event },
    );
    return Payload;
  }

  private failure(): DeploymentFailed {
    const { alarm, options, problem = `it was stopped at ${this.stage}`, stoppedBy } = this;
    if (alarm)
      return new DeploymentFailed(`the alarm ${alarm.options.AlarmName} (${alarm.logicalId}) is in ALARM`);
    return new DeploymentFailed(`${options.logicalId}: ${ended(problem, `ended by ${stoppedBy}`)}`);
  }
}

/** Sends `percent` of a rule's traffic to one target group, and the rest to another one. */
export function setWeights(rule: Rule, to: TargetGroup, rest?: TargetGroup, percent = 100): void {
  for (const group of rule.weights.keys())
    rule.weights.set(group, group === to ? percent : group === rest ? 100 - percent : 0);
}
