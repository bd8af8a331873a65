import type { Placement } from './placement';

/** A judge's word on a call or a connection. `not judged`: the judge does not know a part of it. */
export type Verdict = 'allowed' | 'denied' | 'not judged';

/** A resource of the plan. */
export interface PlanResource {
  /** Name of the stack. Absent where only the logical id is known. */
  readonly stack?: string;
  readonly logicalId: string;
}

interface Judged {
  readonly verdict: Verdict;
  /** The statement or rule that is missing or that denies, or the part that no judge knows. Absent if allowed. */
  readonly reason?: string;
}

/** A call to the AWS API. Its input is not part of a trace, so that no secret is. */
export interface JudgedCall extends Judged {
  /** The role, or the resource that a service calls for. */
  readonly caller: PlanResource;
  /** ARN of a role, or a service such as `events.amazonaws.com`. */
  readonly principal: string;
  /** IAM action, such as `ecs:RunTask`. */
  readonly action: string;
  /** ARN, or `*` for an action without resources. */
  readonly resource: string;
  /** The task or function in a VPC that the call comes from; absent for a call from the network of AWS. */
  readonly from?: End;
  /** Values of condition keys, such as `aws:SourceArn`. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** One end of a connection. */
export interface End {
  /** The resource that opens or takes the connection: a service, function, load balancer, proxy, or database. */
  readonly resource?: PlanResource;
  /** A destination outside the plan: an AWS service such as `secretsmanager`, or `internet`. */
  readonly outside?: string;
  /** Ids of the network of a task that somebody has run, if no resource of the plan gives it. */
  readonly placement?: Placement;
}

/** A TCP connection. */
export interface JudgedConnection extends Judged {
  readonly source: End;
  readonly target: End;
  readonly port: number;
}

/** A judged call or connection, and how often it was made. */
export type Counted<T> = T & { readonly times: number };

/** All judged calls and connections of a rehearsal, as `framework53 rehearse --trace` writes them. */
export interface TraceFile {
  readonly version: 1;
  readonly plan: { readonly digest: string };
  /** Return values of the resources, by `stack/logicalId`. They name the resources of the calls. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly calls: readonly Counted<JudgedCall>[];
  readonly connections: readonly Counted<JudgedConnection>[];
}

/** Collects the judged calls and connections of a rehearsal. Equal ones are one entry. */
export class Trace {
  /** Hosts of identity providers that the rehearsal stands in for. */
  readonly standIns = new Set<string>();
  private readonly callsByText = new Map<string, Counted<JudgedCall>>();
  private readonly connectionsByText = new Map<string, Counted<JudgedConnection>>();

  call(call: JudgedCall): void {
    count(this.callsByText, call);
  }

  connection(connection: JudgedConnection): void {
    count(this.connectionsByText, connection);
  }

  /** Sorted, so that two traces of one plan differ in what happened and not in its order. */
  get calls(): Counted<JudgedCall>[] {
    return sorted(this.callsByText);
  }

  /** Sorted like `calls`. */
  get connections(): Counted<JudgedConnection>[] {
    return sorted(this.connectionsByText);
  }
}

function count<T extends object>(entries: Map<string, Counted<T>>, entry: T): void {
  const key = canonical(entry);
  entries.set(key, { ...entry, times: (entries.get(key)?.times ?? 0) + 1 });
}

function sorted<T>(entries: ReadonlyMap<string, T>): T[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** JSON whose keys are sorted: equal values have equal texts. */
export function canonical(value: unknown, space?: number): string {
  const sort = (_: string, item: unknown): unknown =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return JSON.stringify(value, sort, space);
}
