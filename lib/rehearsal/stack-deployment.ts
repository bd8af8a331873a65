import type { Assembly, Json, PlannedStack, Resource, Template } from './core/assembly';
import {
  ACCOUNT,
  type Attributes,
  dependsOn,
  inOrder,
  PlanError,
  type Published,
  Resolver,
} from './core/template';
import type { EmulatedAccount } from './emulated-account';
import type { Report } from './report';
import { named, type Properties } from './resource-handler';
import { resourceHandlerOf } from './resource-handlers';

interface Played {
  readonly properties: Properties;
  readonly attributes: Attributes;
}

/** What a stack is, as of its last successful deployment. */
interface State {
  readonly assembly: Assembly;
  readonly template: Template;
  readonly resources: Map<string, Played>;
}

/** A stack of CloudFormation, played one resource after the other. */
export class StackDeployment {
  private state?: State;

  constructor(
    private readonly cloud: EmulatedAccount,
    private readonly published: Published,
    private readonly report: Report,
  ) {}

  /** Brings the stack to the plan; when that fails, back to where it was. */
  async deploy(stack: PlannedStack): Promise<void> {
    const before = this.state;
    this.status(stack, before ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS');
    // What AWS takes to make things is not rehearsed, and still nothing of a stack is as old as the stack before.
    this.cloud.clock.skip(CREATION_SECONDS);
    const reached = new Map(before?.resources);
    const changed = new Set<string>();
    try {
      await this.play(stack, reached, changed);
    } catch (error) {
      if (!before) throw error;
      this.status(stack, 'UPDATE_ROLLBACK_IN_PROGRESS');
      this.cloud.tell('stack rolls back', stack.name);
      this.cloud.assembly = before.assembly;
      await this.play({ ...stack, template: before.template }, reached, changed, before);
      this.status(stack, 'UPDATE_ROLLBACK_COMPLETE');
      this.state = { ...before, resources: reached };
      throw error;
    }
    this.status(stack, before ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
    this.state = { assembly: this.cloud.assembly, template: stack.template, resources: reached };
  }

  /** Notes what state the stack is in, and puts CloudFormation's event on the bus. */
  private status(stack: PlannedStack, status: string): void {
    this.cloud.stackStatus.set(stack.name, status);
    this.cloud.bus.put({
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      resources: [stackId(stack)],
      detail: { 'stack-id': stackId(stack), 'status-details': { status } },
    });
  }

  /** @param back where a rollback goes: what was changed is brought back there, all else is left alone */
  private async play(
    stack: PlannedStack,
    reached: Map<string, Played>,
    changed: Set<string>,
    back?: State,
  ): Promise<void> {
    const resolver = new Resolver(stack, this.published);
    const { Resources } = stack.template;
    for (const id of inOrder(Resources, isEager)) {
      const resource = Resources[id]!;
      if (resource.Condition && !resolver.condition(resource.Condition)) continue;
      const before = reached.get(id);
      const properties = resolver.resolve((resource.Properties ?? {}) as Json, id) as Properties;
      const same = before && JSON.stringify(before.properties) === JSON.stringify(properties);
      const old = back?.resources.get(id);
      // What was replaced is still there as it was, and what failed halfway is brought back even if it looks the same.
      const kept = old && (REPLACED.has(resource.Type) || !changed.has(id)) ? old : undefined;
      if (kept || (same && !back)) {
        resolver.played.set(id, (kept ?? before!).attributes);
        if (kept) reached.set(id, kept);
        continue;
      }
      changed.add(id);
      const attributes = await this.turn(stack, id, resource, properties, before);
      resolver.played.set(id, attributes);
      reached.set(id, { properties, attributes });
    }
    resolver.publish();
  }

  private async turn(
    { name, region }: PlannedStack,
    id: string,
    { Type: type }: Resource,
    properties: Properties,
    before: Played | undefined,
  ): Promise<Attributes> {
    const stack = { id: stackId({ name, region }), name, region };
    const turn = { cloud: this.cloud, id, type, stack, properties, before };
    const player = resourceHandlerOf(type);
    this.report.resource(type, properties, player?.supportedProperties);
    if (!player) return { Ref: named(turn), Arn: `arn:aws:rehearsal:${region}:${ACCOUNT}:${named(turn)}` };
    this.report.now(`${name}: ${id} (${type})`);
    this.cloud.tell('resource', id);
    return player.apply(turn);
  }
}

/** Seconds that a stack takes at least. */
const CREATION_SECONDS = 300;

const stackId = ({ name, region }: { name: string; region: string }): string =>
  `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/rehearsal`;

/** Types that an update replaces; the one that was is kept until the update is over. */
const REPLACED = new Set(['AWS::ECS::TaskDefinition', 'AWS::Lambda::LayerVersion']);

/** What acts as soon as it can, so that a dependency the template lacks shows. */
function isEager({ Type }: Resource): boolean {
  return Type.startsWith('Custom::') || Type === 'AWS::ECS::Service';
}

/** The order of a release (§8.2): migrations, server, client, and the pointer after all files. */
export function checkOrder(resources: Template['Resources']): void {
  const ids = (test: (resource: Resource) => boolean) =>
    Object.entries(resources).flatMap(([id, resource]) => (test(resource) ? [id] : []));
  const has =
    (...names: string[]) =>
    (resource: Resource) =>
      resource.Type.startsWith('Custom::') && names.every((name) => name in (resource.Properties ?? {}));
  const migrations = ids(has('TaskDefinition', 'Cluster', 'Container'));
  const servers = ids(({ Type }) => Type === 'AWS::ECS::Service');
  const pointers = ids(has('KeyValueStoreArn', 'Value'));
  const values = pointers.map((id) => String(resources[id]!.Properties!['Value']).split(' ')[0]!);
  const uploads = ids(({ Type, Properties }) => {
    const prefix = String(Properties?.['DestinationBucketKeyPrefix'] ?? '');
    return Type === 'Custom::CDKBucketDeployment' && values.some((value) => prefix.endsWith(value));
  });
  const after = (later: string[], earlier: string[], why: string): void => {
    for (const id of later)
      for (const other of earlier)
        if (!dependsOn(resources, id, other)) throw new PlanError(id, 'DependsOn', `lacks ${other}: ${why}`);
  };
  after(servers, migrations, 'the server would start before the migrations are done');
  after(pointers, servers, 'users would get the client before the server is verified');
  after(pointers, uploads, 'users would be sent to files that are not there yet');
}
