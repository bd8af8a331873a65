import { randomUUID } from 'node:crypto';
import type { Alarm } from '../cloudwatch/alarm';
import { missing } from '../core/aws-api';
import type { Party } from '../core/network';
import { ACCOUNT } from '../core/properties';
import type { Stage } from '../core/stage';
import type { Elbv2 } from '../elbv2/elbv2';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { ServiceOptions } from './deployment';
import type { Image } from './image';
import { requireEgress } from './require-egress';
import type { Service } from './service';
import type { ServiceHost } from './start-tasks';
import { Task } from './task';
import { asEcs, secretValues, type TaskDefinition } from './task-definition';

/** The parts of other services that ECS uses. */
export interface Neighbours {
  readonly elbv2: Elbv2;
  /** Alarms that a service may name, by name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** Functions that a service may name as lifecycle hooks, by ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** Certificate of the authority that signs the database's certificates, as PEM; undefined without a database. */
  certificate(): string | undefined;
  /**
   * Judges the permissions for the start of a task. Throws a `PlanError` if AWS denies one.
   * @param taskDefinition ARN
   */
  permitStart(taskDefinition: string, task: Party): void;
  /** Returns true while a state machine of the plan is running. */
  hasRunningStateMachine(): boolean;
}

/** A task to start. */
export interface TaskStart {
  /** ARN. */
  readonly taskDefinition: string;
  /** ARN of the task. */
  readonly arn: string;
  readonly kind: 'server' | 'migration';
  /** The resource that gives the task its network. */
  readonly party: Party;
}

/** A task without a container: ECS could not fetch its image, secrets or log. */
export interface FailedStart {
  /** ARN. */
  readonly taskDefinition: string;
  readonly reason: string;
}

/** Milliseconds in which a task of `RunTask` may continue after a refused connection. */
const REFUSED_AFTER = 1_500;

/** Elastic Container Service. All maps are by ARN, except images. */
export class Ecs implements ServiceHost {
  /** Images by URI. */
  readonly images = new Map<string, Image>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();
  readonly tasks = new Map<string, Task>();
  readonly services = new Map<string, Service>();
  /** Tasks of `RunTask` that could not start. */
  readonly failedStarts = new Map<string, FailedStart>();
  /** Returns the fault for a process at its start. */
  faultOf: (kind: 'server' | 'migration') => string | undefined = () => undefined;
  closing = false;

  constructor(
    readonly stage: Stage,
    readonly neighbours: Neighbours,
  ) {}

  /** Returns the ARN of a task, from the name of its cluster and its id. */
  arnOf(cluster: string, task: string): string {
    return `arn:aws:ecs:${this.stage.region}:${ACCOUNT}:task/${cluster}/${task}`;
  }

  /** Starts a task with the present values of its secrets. */
  async start({ taskDefinition, arn, kind, party }: TaskStart): Promise<Task> {
    const { stage, neighbours } = this;
    const definition = this.taskDefinitions.get(taskDefinition) ?? missing(taskDefinition);
    neighbours.permitStart(taskDefinition, party);
    requireEgress(stage.network, definition, party);
    const secrets = await secretValues(asEcs(stage.api, definition, party), definition.container);
    // A server may connect to its database later. Judge the connection now.
    const { environment } = definition.container;
    for (const text of Object.values({ ...environment, ...secrets })) stage.network.named(party, text);
    const task = new Task(stage, arn.split('/').at(-1)!, definition, party, secrets, this.faultOf(kind));
    this.tasks.set(arn, task);
    // A migration that retries a refused connection cannot succeed, because the plan does not change. A server may not
    // need the connection.
    if (kind === 'migration')
      task.refused = (reason) => {
        task.refused = undefined;
        setTimeout(() => task.kill(`the plan refuses a connection: ${reason}`), REFUSED_AFTER).unref();
      };
    return task;
  }

  startServer({ taskDefinition, arn, party }: ServiceOptions): Promise<Task> {
    const [, cluster] = arn.split('/');
    return this.start({ taskDefinition, arn: this.arnOf(cluster!, randomUUID()), kind: 'server', party });
  }

  hasRunningStateMachine(): boolean {
    return this.neighbours.hasRunningStateMachine();
  }

  close(): void {
    this.closing = true;
    for (const service of this.services.values()) service.close();
  }
}
