import { z } from 'zod';
import { readText } from '../files/read-text';
import { inOrder, type Published, Resolver } from './cloudformation/template';
import type { Assembly, Json, PlannedStack } from './core/assembly';
import { Inventory } from './core/inventory';
import type { Party } from './core/network';
import { named, type Properties } from './core/properties';
import type { Attributes } from './core/resource-handler';
import type { Counted, End, JudgedConnection, PlanResource, TraceFile } from './core/trace';
import { judgeConnection } from './ec2/judge-connection';
import { EC2_RESOURCES } from './ec2/resources';
import { IAM_RESOURCES } from './iam/resources';
import { nameOf } from './refusals';
import { replayCalls } from './replay-calls';

const resource = z.looseObject({ stack: z.string().optional(), logicalId: z.string() });
const end = z.looseObject({ resource: resource.optional(), outside: z.string().optional() });
const judged = z.looseObject({ verdict: z.enum(['allowed', 'denied', 'not judged']), times: z.number() });

/** The parts of a trace that a replay reads. */
const traceSchema = z.looseObject({
  version: z.literal(1),
  resources: z.record(z.string(), z.record(z.string(), z.string())),
  calls: z.array(
    judged.extend({
      caller: resource,
      principal: z.string(),
      action: z.string(),
      resource: z.string(),
      from: end.optional(),
      context: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    }),
  ),
  connections: z.array(judged.extend({ source: end, target: end, port: z.number() })),
});

/** A recorded call or connection that another plan refuses, or an unreadable part of that plan. */
export interface ReplayFinding {
  readonly kind: 'call' | 'connection' | 'plan';
  /** Describes the call or connection, such as `Service → Database:5432`. */
  readonly what: string;
  /** The missing statement, rule or resource. */
  readonly reason: string;
  /**
   * The resource that calls or connects, or that cannot be read. The stack is absent if only the logical id is known.
   */
  readonly by: PlanResource;
}

export interface ReplayResult {
  readonly judged: { readonly calls: number; readonly connections: number };
  readonly findings: readonly ReplayFinding[];
}

/**
 * Judges the recorded calls and connections of a rehearsal by another plan, without rehearsing that plan. A finding is
 * something that the rehearsal's plan allowed and the other plan refuses.
 */
export function replay(trace: TraceFile, assembly: Pick<Assembly, 'stacks'>): ReplayResult {
  const { inventory, findings } = plannedInventory(assembly, trace.resources);
  const region = assembly.stacks[0]?.region ?? '';
  return {
    judged: { calls: trace.calls.length, connections: trace.connections.length },
    findings: [
      ...findings,
      ...replayCalls(trace, inventory, region).map(({ call, what, reason }) => ({
        kind: 'call' as const,
        what,
        reason,
        by: call.caller,
      })),
      ...trace.connections.flatMap((one) => replayConnection(inventory, one)),
    ],
  };
}

/** Writes the result of a replay as text. */
export function describeReplay({ judged, findings }: ReplayResult): string {
  const scope = `${judged.connections} kinds of connections and ${judged.calls} of calls`;
  if (findings.length === 0) return `Replay passed: the plan allows ${scope} of the rehearsal\n`;
  const lines = findings.map(({ what, reason }) => `  ${what}: ${reason}\n`);
  return `Replay failed: the plan refuses ${findings.length} of ${scope} of the rehearsal\n${lines.join('')}`;
}

/**
 * Reads a trace that `framework53 rehearse --trace` has written.
 * @throws Error if the file is not a trace
 */
export function readTrace(file: string): TraceFile {
  const fail = (why: string): never => {
    throw new Error(`${file} is not a trace: ${why}; write one with \`framework53 rehearse --trace FILE\``);
  };
  let content: unknown;
  try {
    content = JSON.parse(readText(file));
  } catch (error) {
    return fail((error as Error).message);
  }
  const [issue] = traceSchema.safeParse(content).error?.issues ?? [];
  if (issue) return fail(`${issue.path.map(String).join('.') || 'content'}: ${issue.message}`);
  return content as TraceFile;
}

function replayConnection(inventory: Inventory, before: Counted<JudgedConnection>): ReplayFinding[] {
  if (before.verdict !== 'allowed') return [];
  const { source, target, port } = before;
  const what = `${nameOf(source)} → ${nameOf(target)}:${port}`;
  const by = source.resource!;
  const gone = [source, target].find(({ resource }) => resource && !itemOf(inventory, resource));
  if (gone)
    return [{ kind: 'connection', what, reason: `${gone.resource!.logicalId} is no longer in the plan`, by }];
  const to = target.resource ? partyOf(target) : { outside: target.outside! };
  const now = judgeConnection(inventory, partyOf(source), to, port);
  return now?.verdict === 'denied' ? [{ kind: 'connection', what, reason: now.reason!, by }] : [];
}

const itemOf = (inventory: Inventory, { stack = '', logicalId }: PlanResource) =>
  inventory.get(stack, logicalId);

function partyOf({ resource, placement }: End): Party {
  const { logicalId: name, stack } = resource!;
  return { name, stack, ...(placement && { placement }) };
}

/**
 * Returns the resources of a plan as a deployment would list them. A resource in the trace has the return values of
 * the rehearsal, so that the recorded names refer to the same resources.
 */
export function plannedInventory(
  assembly: Pick<Assembly, 'stacks'>,
  known: TraceFile['resources'],
): { readonly inventory: Inventory; readonly findings: readonly ReplayFinding[] } {
  const inventory = new Inventory();
  const findings: ReplayFinding[] = [];
  const published: Published = { outputs: new Map(), exports: new Map() };
  for (const stack of assembly.stacks) {
    const fail = (what: string, error: unknown) =>
      findings.push({
        kind: 'plan',
        what,
        reason: (error as Error).message,
        by: { stack: stack.name, logicalId: what },
      });
    try {
      for (const [id, error] of listStack(inventory, stack, known, published)) fail(id, error);
    } catch (error) {
      fail(stack.name, error);
    }
  }
  return { inventory, findings };
}

/** Lists the resources of a stack. Returns the unreadable resources, with the reasons. */
function listStack(
  inventory: Inventory,
  stack: PlannedStack,
  known: TraceFile['resources'],
  published: Published,
): [id: string, error: unknown][] {
  const resolver = new Resolver(stack, published);
  const { Resources } = stack.template;
  const failed: [string, unknown][] = [];
  for (const id of inOrder(Resources, () => false)) {
    const { Type: type, Properties = {}, Condition } = Resources[id]!;
    if (Condition && !resolver.condition(Condition)) continue;
    try {
      const properties = resolver.resolve(Properties as Json, id) as Properties;
      const attributes =
        (known[`${stack.name}/${id}`] as Attributes) ?? newAttributes(stack, id, type, properties);
      resolver.attributes.set(id, attributes);
      inventory.put({ stack: stack.name, region: stack.region, id, type, properties, attributes });
    } catch (error) {
      failed.push([id, error]);
    }
  }
  resolver.publish();
  return failed;
}

/** Returns the return values of a resource that no rehearsal has created. */
function newAttributes(
  { name, region }: PlannedStack,
  id: string,
  type: string,
  properties: Properties,
): Attributes {
  const request = { id, type, properties, stack: { id: name, name, region }, asset: () => undefined };
  const made = { ...EC2_RESOURCES, ...IAM_RESOURCES }[type]?.apply(request) as Attributes | undefined;
  return made ?? { Ref: named(request) };
}
