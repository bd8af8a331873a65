import type { Assembly, Json, PlannedStack, Resource, Template } from '../core/assembly';
import { PlanError } from '../core/plan-error';
import { ACCOUNT, named, type Properties } from '../core/properties';
import type { Attributes, ResourceHandler } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { Permissions } from '../iam/permissions';
import { ParallelResources } from './parallel-resources';
import { type Published, Resolver } from './template';

/** Receives the progress of a deployment. */
export interface Progress {
  /** Reports the start of an operation that may take long. */
  now(what: string): void;
  /**
   * Reports a resource before its creation.
   * @param supported paths of the properties that have an effect; undefined if none has
   */
  resource(type: string, properties: object, supported: readonly string[] | undefined): void;
}

/** The state that the deployments of all stacks share. */
export interface DeploymentContext {
  readonly stage: Stage;
  readonly published: Published;
  /** Statuses by stack name. */
  readonly statuses: Map<string, string>;
  readonly progress: Progress;
  readonly permissions: Permissions;
  handlerOf(type: string): ResourceHandler | undefined;
}

interface Deployed {
  readonly properties: Properties;
  readonly attributes: Attributes;
}

/** A stack after its last successful deployment. */
interface State {
  readonly assembly: Assembly;
  readonly template: Template;
  readonly resources: Map<string, Deployed>;
}

/** The progress of one deployment. */
interface Work {
  /** The present resources, by logical id. */
  readonly reached: Map<string, Deployed>;
  /** Logical ids of the resources that this deployment has created or updated. */
  readonly changed: Set<string>;
}

/** The rollback of a stack failed. */
export class RollbackFailed extends Error {}

/** The deployment of a CloudFormation stack. Resources are created one at a time, except those of `Beside`. */
export class StackDeployment {
  private state?: State;

  constructor(private readonly context: DeploymentContext) {}

  /** Updates the stack to its template. If that fails, rolls the stack back and throws. */
  async deploy(assembly: Assembly, stack: PlannedStack): Promise<void> {
    const { stage } = this.context;
    const before = this.state;
    this.setStatus(stack, before ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS');
    // Waits are shorter than in AWS. A new stack must still get a later creation time than the stack before it.
    stage.clock.skip(CREATION_SECONDS);
    const work: Work = { reached: new Map(before?.resources), changed: new Set() };
    try {
      await this.apply(assembly, stack, work);
    } catch (error) {
      if (!before) throw error;
      this.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS');
      stage.announce('stack rolls back', stack.name);
      await this.apply(before.assembly, { ...stack, template: before.template }, work, before).catch(
        ({ message }: Error) => {
          this.setStatus(stack, 'UPDATE_ROLLBACK_FAILED');
          throw new RollbackFailed(`${stack.name} is UPDATE_ROLLBACK_FAILED: ${message}`);
        },
      );
      this.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE');
      this.state = { ...before, resources: work.reached };
      throw error;
    }
    this.setStatus(stack, before ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
    this.state = { assembly, template: stack.template, resources: work.reached };
  }

  /** Sets the stack's status and publishes CloudFormation's event on the event bus. */
  private setStatus(stack: PlannedStack, status: string): void {
    const { stage, statuses } = this.context;
    statuses.set(stack.name, status);
    stage.bus.emit('event', {
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      resources: [stackId(stack)],
      detail: { 'stack-id': stackId(stack), 'status-details': { status } },
    });
  }

  /** @param back state to roll back to; only resources that the failed update has touched are changed */
  private async apply(
    assembly: Assembly,
    stack: PlannedStack,
    { reached, changed }: Work,
    back?: State,
  ): Promise<void> {
    const { stage, permissions, published } = this.context;
    const resolver = new Resolver(stack, published);
    const { Resources } = stack.template;
    const beside = new ParallelResources(Resources);
    for (const id of beside.order(isEager)) {
      const resource = Resources[id]!;
      if (resource.Condition && !resolver.condition(resource.Condition)) continue;
      const before = reached.get(id);
      const properties = resolver.resolve((resource.Properties ?? {}) as Json, id) as Properties;
      const same = before && JSON.stringify(before.properties) === JSON.stringify(properties);
      const old = back?.resources.get(id);
      // The predecessor of a replaced resource still exists. A half-finished update is undone even if the properties
      // are equal.
      const kept = old && (REPLACED.has(resource.Type) || !changed.has(id)) ? old : undefined;
      if (kept || (same && !back)) {
        resolver.attributes.set(id, (kept ?? before!).attributes);
        if (kept) {
          reached.set(id, kept);
          this.list(stack, id, kept);
        }
        continue;
      }
      changed.add(id);
      await beside.make(id, async () => {
        // Its tasks and handlers may start while CloudFormation creates the resource.
        this.list(stack, id, { properties });
        const attributes = await this.make(assembly, stack, id, resource, properties, before);
        resolver.attributes.set(id, attributes);
        reached.set(id, { properties, attributes });
        this.list(stack, id, { properties, attributes });
        permissions.made(stage.inventory.get(stack.name, id)!);
      });
    }
    await beside.all();
    resolver.publish();
    stage.inventory.prune(stack.name, (id) => id in Resources);
    permissions.work(stack.name);
  }

  /** Adds a resource to the inventory of the account. */
  private list({ name, region, template }: PlannedStack, id: string, resource: Partial<Deployed>): void {
    const { properties = {}, attributes } = resource;
    const { Type: type } = template.Resources[id]!;
    this.context.stage.inventory.put({ stack: name, region, id, type, properties, attributes });
  }

  /** Creates or updates one resource. */
  private async make(
    assembly: Assembly,
    { name, region, template }: PlannedStack,
    id: string,
    { Type: type }: Resource,
    properties: Properties,
    before: Deployed | undefined,
  ): Promise<Attributes> {
    const { stage, progress } = this.context;
    const stack = { id: stackId({ name, region }), name, region, resources: template.Resources };
    const asset = (key: string) => assembly.asset(key);
    const request = { id, type, stack, properties, before, asset };
    const handler = this.context.handlerOf(type);
    progress.resource(type, properties, handler?.supportedProperties);
    if (!handler)
      return { Ref: named(request), Arn: `arn:aws:rehearsal:${region}:${ACCOUNT}:${named(request)}` };
    progress.now(`${name}: ${id} (${type})`);
    stage.announce('resource', id);
    try {
      return await handler.apply(request);
    } catch (error) {
      throw located(error as Error, id, type);
    }
  }
}

/**
 * Adds the resource to an error. The errors of services do not name it, and JavaScript errors say nothing about the
 * plan.
 */
function located(error: Error, id: string, type: string): Error {
  if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)
    return new PlanError(id, '', `(${type}) has an unusable property: ${error.message}`);
  if (!error.message.includes(id)) error.message = `${id} (${type}) failed: ${error.message}`;
  return error;
}

/** Minimum duration of a stack creation in seconds. */
const CREATION_SECONDS = 300;

const stackId = ({ name, region }: { name: string; region: string }): string =>
  `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/rehearsal`;

/** Types that every update replaces. The predecessor is kept until the update is complete. */
const REPLACED = new Set(['AWS::ECS::TaskDefinition', 'AWS::Lambda::LayerVersion']);

/**
 * Returns true for resources whose creation runs code. They are created as early as possible, so that a missing
 * dependency shows.
 */
function isEager({ Type }: Resource): boolean {
  return Type.startsWith('Custom::') || Type === 'AWS::ECS::Service';
}
