import type { Recorded, ReleaseEntry, Schema } from '../../constructs/release-record';

/** A deployment of the service that has not ended. */
export interface DeploymentInFlight {
  readonly arn: string;
  /** ECS's status, such as `IN_PROGRESS` or `ROLLBACK_IN_PROGRESS`. */
  readonly status: string;
  /** ECS's lifecycle stage, such as `BAKE_TIME`. */
  readonly stage?: string;
  /** ARN of the revision that is being deployed. */
  readonly taskDefinition?: string;
}

/**
 * The share of requests that a listener rule sends to each target group. ECS changes the shares during a deployment.
 */
export interface TrafficWeights {
  readonly rule: 'production' | 'test';
  readonly targetGroups: readonly { readonly name: string; readonly percent: number }[];
  /** True if the shares are those of the template. A stack update that changes the rule then moves no requests. */
  readonly asInTemplate: boolean;
}

/** The state of an environment, as AWS reports it. */
export interface EnvironmentState {
  /** Prefix of the physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly region: string;
  /** The entries of the release history, newest first. */
  readonly history: readonly Recorded[];
  readonly stack: {
    readonly name: string;
    /** CloudFormation's status; absent if the stack does not exist. */
    readonly status?: string;
    /** The release of the stack's template. */
    readonly releaseId?: string;
  };
  /** The ECS service; absent if it does not exist. */
  readonly server?: {
    /** ARN of the revision that serves users; absent if ECS does not say. */
    readonly taskDefinition?: string;
    readonly running: number;
    readonly desired: number;
    readonly deployment?: DeploymentInFlight;
    /** True if ECS watches the rollback alarms during a deployment. */
    readonly alarms: boolean;
    /** Shares of requests; an empty list for a rolling deployment, undefined if the rules cannot be read. */
    readonly weights?: readonly TrafficWeights[];
  };
  /** Value of the pointer that selects the client; absent if the pointer cannot be read. */
  readonly pointer?: string;
  /** ARNs of the revisions that ECS can still deploy. */
  readonly registered: ReadonlySet<string>;
}

export type RecordedRelease = Recorded<ReleaseEntry>;

/** Returns the releases that users had, newest first. */
export function releases(history: readonly Recorded[]): RecordedRelease[] {
  return history.filter((entry): entry is RecordedRelease => entry.kind !== 'migrations');
}

/** Returns the schema of the database. A rollback never reverts migrations. */
export function currentSchema(history: readonly Recorded[]): (Schema & { releaseId: string }) | undefined {
  const entry = history.find(({ kind }) => kind === 'migrations') ?? releases(history)[0];
  return entry && { ...entry.schema, releaseId: entry.releaseId };
}

/** Formats a count: `1 migration`, `2 migrations`. */
export function migrationCount(count: number): string {
  return `${count} ${count === 1 ? 'migration' : 'migrations'}`;
}

/** Returns the end of a task definition's ARN, such as `guestbook-production:8`. */
export function shortRevision(taskDefinition: string | undefined): string {
  return taskDefinition?.split('/').at(-1) ?? 'an unknown revision';
}
