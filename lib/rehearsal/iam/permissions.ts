import type { AwsApi, Caller, Input } from '../core/aws-api';
import type { Clock } from '../core/clock';
import type { Inventory, InventoryItem } from '../core/inventory';
import type { Party } from '../core/network';
import { PlanError } from '../core/plan-error';
import type { JudgedCall, PlanResource, Trace } from '../core/trace';
import { endOf } from '../ec2/interfaces';
import { accessDenied } from './access-denied';
import { type Judgement, judgeCall } from './judge-call';
import { requestsOf } from './requests-of';
import type { RequiredPermission } from './required-permission';
import { type Use, usesOf } from './uses';
import { execUses } from './uses/exec';
import { from } from './uses/use';

/** The part of the stage that permissions are judged by. */
export interface Ground {
  readonly inventory: Inventory;
  readonly trace: Trace;
  readonly region: string;
  readonly api: AwsApi;
  readonly clock: Clock;
}

/** Number of equal denied calls after which the clock advances. */
const REPEATED = 3;
/** Seconds that the clock advances with each further denied call: a handler retries in vain, because no policy changes. */
const LATER = 60;

/** Judges every call by the policies of the plan, and answers a denied call as AWS does. */
export class Permissions {
  /** Verdicts of equal calls. Cleared if a resource changes. */
  private readonly judged = new Map<string, Judgement>();
  private version = -1;
  /** Numbers of denials, by caller and action. */
  private readonly denials = new Map<string, number>();

  constructor(private readonly ground: Ground) {
    ground.api.authorize = (caller, name, input) => this.call(caller, name, input);
  }

  /** Judges the permissions that the creation of a resource needs. Throws a `PlanError` if AWS denies one. */
  made(item: InventoryItem): void {
    for (const use of this.uses(item)) if (use.atCreation) this.use(item, use);
  }

  /** Judges the permissions that ECS needs to start a task. Throws a `PlanError` if AWS denies one. */
  start(taskDefinition: string, task: Party): void {
    const item = this.ground.inventory.having(taskDefinition);
    if (item) for (const use of this.uses(item)) this.use(item, use, task);
  }

  /** Judges the permissions for sessions of ECS Exec in a task. Throws a `PlanError` if AWS denies one. */
  enter(taskDefinition: InventoryItem, cluster: InventoryItem, task: Party): void {
    for (const use of execUses(taskDefinition, cluster, this.ground)) this.use(taskDefinition, use, task);
  }

  /** Judges the permissions that the resources of a stack need in operation. The report names those that AWS denies. */
  work(stack: string): void {
    for (const item of this.ground.inventory.all)
      if (item.stack === stack)
        for (const use of this.uses(item))
          if (!use.atCreation) this.judge(callerOf(item), use.principal, use);
  }

  /** Judges an API call. Throws a `ServiceError` if AWS denies it. */
  private call(caller: Caller, name: string, input: Input): void {
    const request = requestsOf(name, input, this.ground);
    if (request) for (const one of request) this.request(caller, one);
    else
      this.note(caller, {
        principal: caller.principal,
        action: name,
        resource: '*',
        context: {},
        verdict: 'not judged',
        reason: `the rehearsal does not know which permissions ${name} needs`,
      });
  }

  private request(caller: Caller, request: RequiredPermission): void {
    const context = from(caller.source);
    const item = this.ground.inventory.having(caller.principal);
    const who = item ? callerOf(item) : { logicalId: caller.name };
    const call = { ...request, context: { ...context, ...request.context } };
    const error = this.judge(who, caller.principal, call, caller.from);
    if (!error) return;
    const key = `${caller.principal} ${request.action}`;
    const times = (this.denials.get(key) ?? 0) + 1;
    this.denials.set(key, times);
    if (times > REPEATED) this.ground.clock.skip(LATER);
    throw error;
  }

  private use(item: InventoryItem, use: Use, from?: Party): void {
    const error = this.judge(callerOf(item), use.principal, use, from);
    if (error) throw new PlanError(item.id, '', `(${item.type}) failed: ${error.message}`);
  }

  private uses(item: InventoryItem): readonly Use[] {
    return item.attributes ? usesOf(item, this.ground) : [];
  }

  private judge(
    caller: PlanResource,
    principal: string,
    { action, resource, context = {} }: RequiredPermission,
    party?: Party,
  ) {
    const { inventory } = this.ground;
    if (inventory.version !== this.version) this.judged.clear();
    this.version = inventory.version;
    const from = party && endOf(inventory, party);
    const call = { principal, action, resource, context, ...(from && { from }) };
    const key = JSON.stringify(call);
    const judgement = this.judged.get(key) ?? judgeCall(inventory, call);
    this.judged.set(key, judgement);
    const { verdict, reason, decision } = judgement;
    this.ground.trace.call({ caller, ...call, verdict, ...(reason !== undefined && { reason }) });
    return decision.verdict === 'denied' ? accessDenied(call, decision) : undefined;
  }

  private note({ name }: Caller, call: Omit<JudgedCall, 'caller'>): void {
    this.ground.trace.call({ caller: { logicalId: name }, ...call });
  }
}

const callerOf = ({ stack, id }: InventoryItem): PlanResource => ({ stack, logicalId: id });
