import type { Placement } from './placement';

/** The verdict on a call or a connection. `not judged`: the judge does not support a part of it. */
export type Verdict = 'allowed' | 'denied' | 'not judged';

/** A resource of the plan. */
export interface PlanResource {
  /** Name of the stack. Absent if only the logical id is known. */
  readonly stack?: string;
  readonly logicalId: string;
}

interface Judged {
  readonly verdict: Verdict;
  /** The missing or denying statement or rule, or the unsupported part. Absent if allowed. */
  readonly reason?: string;
}

/** A call to the AWS API. A trace does not contain its input, and therefore no secrets. */
export interface JudgedCall extends Judged {
  /** The role, or the resource that a service acts for. */
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
  /** The resource at this end: a service, function, load balancer, proxy or database. */
  readonly resource?: PlanResource;
  /** A destination outside the plan: an AWS service such as `secretsmanager`, or `internet`. */
  readonly outside?: string;
  /** Network of a task that a caller of `RunTask` chose, if no resource of the plan defines it. */
  readonly placement?: Placement;
}

/** A TCP connection. */
export interface JudgedConnection extends Judged {
  readonly source: End;
  readonly target: End;
  readonly port: number;
}

/** A judged call or connection, with its number of occurrences. */
export type Counted<T> = T & { readonly times: number };

/** All judged calls and connections of a rehearsal, as `framework53 rehearse --trace` writes them. */
export interface TraceFile {
  readonly version: 1;
  readonly plan: { readonly digest: string };
  /** Return values of the resources, by `stack/logicalId`. A replay uses them to find the resources of the calls. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly calls: readonly Counted<JudgedCall>[];
  readonly connections: readonly Counted<JudgedConnection>[];
}

/** Collects the judged calls and connections of a rehearsal. Equal ones become one entry. */
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

  /** The calls in sorted order, so that traces of one plan differ only in their contents. */
  get calls(): Counted<JudgedCall>[] {
    return sorted(this.callsByText);
  }

  /** The connections in sorted order. */
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

/** Returns JSON with sorted keys: equal values give equal text. */
export function canonical(value: unknown, space?: number): string {
  const sort = (_: string, item: unknown): unknown =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return JSON.stringify(value, sort, space);
}
