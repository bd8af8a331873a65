import { Duration } from 'aws-cdk-lib';
import { DeploymentStrategy as EcsDeploymentStrategy } from 'aws-cdk-lib/aws-ecs';

/** Options of all blue/green strategies. */
export interface BlueGreenOptions {
  /**
   * Time that the old tasks keep running after all traffic has moved, in whole minutes, at least 5. If a rollback
   * alarm fires in this time, ECS moves the traffic back at once.
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;
  /**
   * Time in which the new tasks must become healthy. If they do not, the watchdog rolls the deployment back.
   * @default Duration.minutes(15)
   */
  readonly healthyWithin?: Duration;
}

/** Options of `DeploymentStrategy.canary()`. */
export interface CanaryDeploymentOptions extends BlueGreenOptions {
  /**
   * Share of production traffic that moves to the new tasks first, in percent, from 0.1 to 100.
   * @default 10
   */
  readonly stepPercent?: number;
  /**
   * Time between the first share and the rest of the traffic, in whole minutes, at least 5.
   * @default Duration.minutes(10)
   */
  readonly stepBakeTime?: Duration;
}

/** Options of `DeploymentStrategy.linear()`. */
export interface LinearDeploymentOptions extends BlueGreenOptions {
  /**
   * Share of production traffic that moves in each step, in percent, from 3 to 100.
   * @default 20
   */
  readonly stepPercent?: number;
  /**
   * Time between two steps, in whole minutes, at least 5.
   * @default Duration.minutes(5)
   */
  readonly stepBakeTime?: Duration;
}

/**
 * CloudFormation refuses a service whose planned deployment exceeds 33 hours, and may count 24 hours for the lifecycle
 * hook.
 * @see
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html
 */
const MAX_MINUTES = 540;
/** A rollback alarm needs two one-minute datapoints, and CloudWatch may receive them two minutes late. */
export const MIN_BAKE_MINUTES = 5;
/** Time limit for the checks on the test listener. */
export const VERIFICATION_MINUTES = 10;

/** Deployment strategy: how traffic moves from the running release to a new one. */
export class DeploymentStrategy {
  /** Blue/green. All traffic moves at once, after the verification. */
  static blueGreen(options: BlueGreenOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.BLUE_GREEN, options);
  }

  /** Blue/green. A small share of the traffic moves first. */
  static canary(options: CanaryDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.CANARY, options, {
      stepPercent: options.stepPercent ?? 10,
      stepBakeTime: options.stepBakeTime ?? Duration.minutes(10),
    });
  }

  /** Blue/green. The traffic moves in equal steps. */
  static linear(options: LinearDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.LINEAR, options, {
      stepPercent: options.stepPercent ?? 20,
      stepBakeTime: options.stepBakeTime ?? Duration.minutes(5),
    });
  }

  /**
   * Rolling update in one target group. ECS replaces the tasks one by one, and its circuit breaker ends a deployment
   * that fails. Users reach a new task without any verification.
   */
  static rolling(): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.ROLLING, {});
  }

  /** Time that the old tasks keep running after all traffic has moved. */
  readonly bakeTime: Duration;
  /** Time that the new tasks have to become healthy. */
  readonly healthyWithin: Duration;
  /** True if a new release runs beside the old one, in its own target group. */
  readonly isBlueGreen: boolean;

  private constructor(
    /** Deployment strategy of ECS. */
    readonly strategy: EcsDeploymentStrategy,
    options: BlueGreenOptions,
    /** Steps in which the traffic moves; undefined if it moves at once. */
    readonly steps?: { readonly stepPercent: number; readonly stepBakeTime: Duration },
  ) {
    this.isBlueGreen = strategy !== EcsDeploymentStrategy.ROLLING;
    this.bakeTime = options.bakeTime ?? Duration.minutes(10);
    this.healthyWithin = options.healthyWithin ?? Duration.minutes(15);
  }

  /** Planned time of the traffic shift, in minutes. */
  get shiftMinutes(): number {
    if (!this.steps) return 0;
    const minutes = this.steps.stepBakeTime.toMinutes();
    return this.strategy === EcsDeploymentStrategy.CANARY
      ? minutes
      : minutes * (Math.ceil(100 / this.steps.stepPercent) - 1);
  }

  /** Returns a message for each time or share that is out of range. */
  problems(): string[] {
    if (!this.isBlueGreen) return [];
    const problems = [...this.bakeTimeProblems(), ...this.stepProblems()];
    if (problems.length > 0) return problems;
    const total =
      this.healthyWithin.toMinutes({ integral: false }) +
      VERIFICATION_MINUTES +
      this.shiftMinutes +
      this.bakeTime.toMinutes();
    if (total <= MAX_MINUTES) return [];
    return [
      `'deployment.strategy' must take at most ${MAX_MINUTES} minutes, or CloudFormation may refuse the service, got ` +
        `${total} (healthyWithin + ${VERIFICATION_MINUTES} for verification + steps + bakeTime); shorten one of them`,
    ];
  }

  private bakeTimeProblems(): string[] {
    const times = { bakeTime: this.bakeTime, ...(this.steps && { stepBakeTime: this.steps.stepBakeTime }) };
    return Object.entries(times)
      .map(([name, duration]) => [name, duration.toMinutes({ integral: false })] as const)
      .filter(([, minutes]) => !Number.isInteger(minutes) || minutes < MIN_BAKE_MINUTES)
      .map(
        ([name, minutes]) =>
          `'${name}' of 'deployment.strategy' must be whole minutes, at least ${MIN_BAKE_MINUTES}, got ${minutes}; a ` +
          'rollback alarm needs that long to detect a bad release',
      );
  }

  private stepProblems(): string[] {
    if (!this.steps) return [];
    const { stepPercent } = this.steps;
    const least = this.strategy === EcsDeploymentStrategy.CANARY ? 0.1 : 3;
    return stepPercent >= least && stepPercent <= 100
      ? []
      : [`'stepPercent' of 'deployment.strategy' must be ${least} to 100, got ${stepPercent}`];
  }
}
