import { Duration } from 'aws-cdk-lib';
import { DeploymentStrategy as EcsDeploymentStrategy } from 'aws-cdk-lib/aws-ecs';

/** Options of all strategies with two colours. */
export interface BlueGreenOptions {
  /**
   * Time that the old tasks keep running after all traffic has moved, in whole minutes, at least 5. Until then a firing
   * rollback alarm moves the traffic back at once.
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;
  /**
   * Time that the new tasks have to become healthy. After it the deployment is rolled back.
   * @default Duration.minutes(15)
   */
  readonly healthyWithin?: Duration;
}

/** Options of `DeploymentStrategy.canary()`. */
export interface CanaryDeploymentOptions extends BlueGreenOptions {
  /**
   * Share of production traffic that the new tasks get first, in percent, from 0.1 to 100.
   * @default 10
   */
  readonly stepPercent?: number;
  /**
   * Time before all traffic follows, in whole minutes, at least 5.
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
 * CloudFormation refuses a service whose deployment is planned to take more than 33 hours, and may count 24 hours for the
 * lifecycle hook.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html
 */
const MAX_MINUTES = 540;
/** A rollback alarm needs two datapoints of one minute, which arrive up to two minutes late. */
export const MIN_BAKE_MINUTES = 5;
/** Longest time of the checks on the test listener. */
export const VERIFICATION_MINUTES = 10;

/** Strategy by which a new release takes over from the running one. */
export class DeploymentStrategy {
  /** Two colours. All traffic moves at once, after the verification. */
  static blueGreen(options: BlueGreenOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.BLUE_GREEN, options);
  }

  /** Two colours. A small share of the traffic moves first. */
  static canary(options: CanaryDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.CANARY, options, {
      stepPercent: options.stepPercent ?? 10,
      stepBakeTime: options.stepBakeTime ?? Duration.minutes(10),
    });
  }

  /** Two colours. The traffic moves in equal steps. */
  static linear(options: LinearDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.LINEAR, options, {
      stepPercent: options.stepPercent ?? 20,
      stepBakeTime: options.stepBakeTime ?? Duration.minutes(5),
    });
  }

  /**
   * One target group, in which ECS replaces task by task. The circuit breaker of ECS ends a deployment that fails. Nothing
   * is verified before users reach a new task.
   */
  static rolling(): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.ROLLING, {});
  }

  /** Time that the old tasks keep running after all traffic has moved. */
  readonly bakeTime: Duration;
  /** Time that the new tasks have to become healthy. */
  readonly healthyWithin: Duration;
  /** True when a new release runs beside the old one, in a target group of its own. */
  readonly isBlueGreen: boolean;

  private constructor(
    /** Strategy of ECS. */
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

  /** Returns the problems of the times and shares, in words. */
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
          'rollback alarm needs that long to see a bad release',
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
