import { randomUUID } from 'node:crypto';
import type { Alarm } from '../cloudwatch/alarm';
import { ACCOUNT } from '../core/properties';
import type { Stage } from '../core/stage';
import type { Elbv2 } from '../elbv2/elbv2';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Image } from './image';
import type { Service } from './service';
import type { ServiceHost } from './start-tasks';
import { Task } from './task';
import { secretValues, type TaskDefinition } from './task-definition';

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

  /** Starts a task with the values that its secrets have now. */
  async start(definition: TaskDefinition, id: string, kind: 'server' | 'migration'): Promise<Task> {
    const secrets = await secretValues(this.stage.api, definition);
    const task = new Task(this.stage, id, definition, secrets, this.faultOf(kind));
    this.tasks.set(this.arnOf(id), task);
    return task;
  }

  startServer(taskDefinition: string): Promise<Task> {
    return this.start(this.taskDefinitions.get(taskDefinition)!, randomUUID(), 'server');
  }

  machineRuns(): boolean {
    return this.neighbours.machineRuns();
  }

  close(): void {
    this.closing = true;
    for (const service of this.services.values()) service.close();
  }
}
