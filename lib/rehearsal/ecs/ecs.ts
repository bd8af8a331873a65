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
import type { Service } from './service';
import type { ServiceHost } from './start-tasks';
import { Task } from './task';
import { asEcs, secretValues, type TaskDefinition } from './task-definition';
import { requireWayOut } from './way-out';

/** Parts of other services that ECS needs. */
export interface Neighbours {
  readonly elbv2: Elbv2;
  /** Alarms that a service may name, by name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** Functions that a service may name as lifecycle hooks, by ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** Certificate of the authority that signs the database's certificates, as PEM; nothing without a database. */
  certificate(): string | undefined;
  /**
   * Judges the permissions that a task's start needs. Throws a `PlanError` for those that AWS denies.
   * @param taskDefinition ARN
   */
  permitStart(taskDefinition: string, task: Party): void;
  /** True while a state machine of the plan runs. */
  machineRuns(): boolean;
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

/** Milliseconds in which a task that somebody has run may go on after a refused connection. */
const REFUSED_AFTER = 1_500;

/** Elastic Container Service. All maps are by ARN, but for images. */
export class Ecs implements ServiceHost {
  /** By URI. */
  readonly images = new Map<string, Image>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();
  readonly tasks = new Map<string, Task>();
  readonly services = new Map<string, Service>();
  /** Tasks that somebody has run and that never started. */
  readonly failedStarts = new Map<string, FailedStart>();
  /** The fault that a process gets when it starts. */
  faultOf: (kind: 'server' | 'migration') => string | undefined = () => undefined;
  closing = false;

  constructor(
    readonly stage: Stage,
    readonly neighbours: Neighbours,
  ) {}

  /** ARN of a task by the name of its cluster, and its id. */
  arnOf(cluster: string, task: string): string {
    return `arn:aws:ecs:${this.stage.region}:${ACCOUNT}:task/${cluster}/${task}`;
  }

  /** Starts a task with the values that its secrets have now. */
  async start({ taskDefinition, arn, kind, party }: TaskStart): Promise<Task> {
    const { stage, neighbours } = this;
    const definition = this.taskDefinitions.get(taskDefinition) ?? missing(taskDefinition);
    neighbours.permitStart(taskDefinition, party);
    requireWayOut(stage.network, definition, party);
    const secrets = await secretValues(asEcs(stage.api, definition, party), definition.container);
    // Not every server connects to its database at once; it must be able to.
    const { environment } = definition.container;
    for (const text of Object.values({ ...environment, ...secrets })) stage.network.named(party, text);
    const task = new Task(stage, arn.split('/').at(-1)!, definition, party, secrets, this.faultOf(kind));
    this.tasks.set(arn, task);
    // The plan does not change while a migration repeats a refused connection; a server may do without it.
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

  machineRuns(): boolean {
    return this.neighbours.machineRuns();
  }

  close(): void {
    this.closing = true;
    for (const service of this.services.values()) service.close();
  }
}
