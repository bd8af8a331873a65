import type { Recorded, ReleaseEntry, Schema } from '../../constructs/release-record';

/** A deployment of the service that has not come to its end. */
export interface DeploymentInFlight {
  readonly arn: string;
  /** In ECS's words, such as `IN_PROGRESS` or `ROLLBACK_IN_PROGRESS`. */
  readonly status: string;
  /** In ECS's words, such as `BAKE_TIME`. */
  readonly stage?: string;
  /** Revision it brings. */
  readonly taskDefinition?: string;
}

/** What an environment is at the moment, as AWS says it. */
export interface EnvironmentState {
  /** Prefix of its physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly region: string;
  /** Newest first. */
  readonly history: readonly Recorded[];
  readonly stack: {
    readonly name: string;
    /** Absent when there is no such stack. */
    readonly status?: string;
    /** The release that its template is of. */
    readonly releaseId?: string;
  };
  /** Absent when there is no such service. */
  readonly server?: {
    /** Revision that users meet; absent when ECS cannot be sure. */
    readonly taskDefinition?: string;
    readonly running: number;
    readonly desired: number;
    readonly deployment?: DeploymentInFlight;
    /** Whether ECS watches the rollback alarms during a deployment. */
    readonly alarms: boolean;
  };
  /** Value of the key that makes users see a client; absent where it cannot be read. */
  readonly pointer?: string;
  /** Revisions that ECS could run. */
  readonly registered: ReadonlySet<string>;
}

export type RecordedRelease = Recorded<ReleaseEntry>;

/** Releases that users had, newest first. */
export function releases(history: readonly Recorded[]): RecordedRelease[] {
  return history.filter((entry): entry is RecordedRelease => entry.kind !== 'migrations');
}

/** The schema that the database has: migrations are never taken back. */
export function currentSchema(history: readonly Recorded[]): (Schema & { releaseId: string }) | undefined {
  const entry = history.find(({ kind }) => kind === 'migrations') ?? releases(history)[0];
  return entry && { ...entry.schema, releaseId: entry.releaseId };
}

/** `1 migration`, `2 migrations`. */
export function migrationCount(count: number): string {
  return `${count} ${count === 1 ? 'migration' : 'migrations'}`;
}

/** `guestbook-production:8` of an ARN. */
export function shortRevision(taskDefinition: string | undefined): string {
  return taskDefinition?.split('/').at(-1) ?? 'an unknown revision';
}
