import { randomUUID } from 'node:crypto';
import type { Alarm } from '../cloudwatch/alarm';
import type { Party } from '../core/network';
import { ACCOUNT } from '../core/properties';
import type { Stage } from '../core/stage';
import type { Elbv2 } from '../elbv2/elbv2';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Image } from './image';
import type { Service } from './service';
import type { ServiceHost } from './start-tasks';
import { Task } from './task';
import { secretValues, type TaskDefinition } from './task-definition';
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
  /** True while a state machine of the plan runs. */
  machineRuns(): boolean;
}

/** Elastic Container Service. All maps are by ARN, but for images. */
export class Ecs implements ServiceHost {
  /** By URI. */
  readonly images = new Map<string, Image>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();
  readonly tasks = new Map<string, Task>();
  readonly services = new Map<string, Service>();
  /** The fault that a process gets when it starts. */
  faultOf: (kind: 'server' | 'migration') => string | undefined = () => undefined;
  closing = false;

  constructor(
    readonly stage: Stage,
    readonly neighbours: Neighbours,
  ) {}

  /** ARN of a task by its id. */
  arnOf(task: string): string {
    return `arn:aws:ecs:${this.stage.region}:${ACCOUNT}:task/rehearsal/${task}`;
  }

  /**
   * Starts a task with the values that its secrets have now.
   * @param party the resource that gives the task its network
   */
  async start(
    definition: TaskDefinition,
    id: string,
    kind: 'server' | 'migration',
    party: Party,
  ): Promise<Task> {
    requireWayOut(this.stage.network, definition, party);
    const secrets = await secretValues(this.stage.api, definition);
    // Not every server connects to its database at once; it must be able to.
    const { environment } = definition.container;
    for (const text of Object.values({ ...environment, ...secrets })) this.stage.network.named(party, text);
    const task = new Task(this.stage, id, definition, party, secrets, this.faultOf(kind));
    this.tasks.set(this.arnOf(id), task);
    return task;
  }

  startServer(taskDefinition: string, service: Party): Promise<Task> {
    return this.start(this.taskDefinitions.get(taskDefinition)!, randomUUID(), 'server', service);
  }

  machineRuns(): boolean {
    return this.neighbours.machineRuns();
  }

  close(): void {
    this.closing = true;
    for (const service of this.services.values()) service.close();
  }
}
