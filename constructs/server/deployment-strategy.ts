import { Duration } from 'aws-cdk-lib';
import { DeploymentStrategy as EcsDeploymentStrategy } from 'aws-cdk-lib/aws-ecs';

/** What all strategies with two colours have in common. */
export interface BlueGreenOptions {
  /**
   * How long the old release keeps running beside the new one after all traffic has moved; until it is
   * over, a rollback alarm moves the traffic back at once.
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;
  /**
   * How long the new release's tasks may take to become healthy before the deployment is rolled back.
   * @default Duration.minutes(15)
   */
  readonly healthyWithin?: Duration;
}

export interface CanaryDeploymentOptions extends BlueGreenOptions {
  /**
   * Share of production traffic that the new release gets first, in percent; 0.1 to 100.
   * @default 10
   */
  readonly percent?: number;
  /**
   * How long that share is watched before all traffic follows.
   * @default Duration.minutes(10)
   */
  readonly watch?: Duration;
}

export interface LinearDeploymentOptions extends BlueGreenOptions {
  /**
   * Share of production traffic that moves in each step, in percent; 3 to 100.
   * @default 20
   */
  readonly stepPercent?: number;
  /**
   * How long each step is watched before the next.
   * @default Duration.minutes(5)
   */
  readonly watch?: Duration;
}

/**
 * CloudFormation refuses a service whose deployment is planned to take more than 33 hours, 24 of which it may
 * count for the lifecycle hook.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html
 */
const MAX_MINUTES = 540;
/** A rollback alarm needs two one-minute datapoints, which arrive up to two minutes late. */
export const MIN_WATCH_MINUTES = 5;
/** The longest the checks of the test stage may take. */
export const VERIFICATION_MINUTES = 10;

/** How a new release takes over from the running one. */
export class DeploymentStrategy {
  /** Two colours, all traffic at once after verification. */
  static blueGreen(options: BlueGreenOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.BLUE_GREEN, options);
  }

  /** Two colours, a small share of the traffic first. */
  static canary(options: CanaryDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.CANARY, options, {
      percent: options.percent ?? 10,
      watch: options.watch ?? Duration.minutes(10),
    });
  }

  /** Two colours, the traffic in equal steps. */
  static linear(options: LinearDeploymentOptions = {}): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.LINEAR, options, {
      percent: options.stepPercent ?? 20,
      watch: options.watch ?? Duration.minutes(5),
    });
  }

  /** Task by task in one target group, with ECS's circuit breaker; no verification before users. */
  static rolling(): DeploymentStrategy {
    return new DeploymentStrategy(EcsDeploymentStrategy.ROLLING, {});
  }

  readonly bakeTime: Duration;
  readonly healthyWithin: Duration;
  /** Whether a new release runs beside the old one in a target group of its own. */
  readonly isBlueGreen: boolean;

  private constructor(
    readonly strategy: EcsDeploymentStrategy,
    options: BlueGreenOptions,
    readonly steps?: { readonly percent: number; readonly watch: Duration },
  ) {
    this.isBlueGreen = strategy !== EcsDeploymentStrategy.ROLLING;
    this.bakeTime = options.bakeTime ?? Duration.minutes(10);
    this.healthyWithin = options.healthyWithin ?? Duration.minutes(15);
  }

  /** Minutes the strategy plans for moving production traffic. */
  get shiftMinutes(): number {
    if (!this.steps) return 0;
    const watch = this.steps.watch.toMinutes();
    return this.strategy === EcsDeploymentStrategy.CANARY
      ? watch
      : watch * (Math.ceil(100 / this.steps.percent) - 1);
  }

  /** What cannot work about the chosen times and shares. */
  problems(): string[] {
    if (!this.isBlueGreen) return [];
    const problems: string[] = [];
    const watched = { bakeTime: this.bakeTime, ...(this.steps && { watch: this.steps.watch }) };
    for (const [name, duration] of Object.entries(watched)) {
      const minutes = duration.toMinutes({ integral: false });
      if (!Number.isInteger(minutes) || minutes < MIN_WATCH_MINUTES)
        problems.push(
          `'deployment.${name}' must be whole minutes, at least ${MIN_WATCH_MINUTES}, got ${minutes}; ` +
            'a rollback alarm takes that long to see a bad release',
        );
    }
    const [from, what] =
      this.strategy === EcsDeploymentStrategy.CANARY ? [0.1, 'percent'] : [3, 'stepPercent'];
    if (this.steps && !(this.steps.percent >= from && this.steps.percent <= 100))
      problems.push(`'deployment.${what}' must be ${from} to 100, got ${this.steps.percent}`);
    if (problems.length > 0) return problems;
    const total =
      this.healthyWithin.toMinutes({ integral: false }) +
      VERIFICATION_MINUTES +
      this.shiftMinutes +
      this.bakeTime.toMinutes();
    if (total > MAX_MINUTES)
      problems.push(
        `'deployment' must fit in ${MAX_MINUTES} minutes, or CloudFormation may refuse the service, got ${total} ` +
          `(healthyWithin + ${VERIFICATION_MINUTES} for verification + steps + bakeTime); shorten one of them`,
      );
    return problems;
  }
}
