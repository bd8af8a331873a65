import type { Check } from '../verification/checks';

/** One migration of a release. */
export interface AppliedMigration {
  /** Name of the migration in drizzle's journal. */
  readonly tag: string;
  /**
   * True if a server that is older than the migration may fail after it.
   * @default - nobody has judged the migration
   */
  readonly contracts?: boolean;
}

/** Schema of the database after the migrations of a release. */
export interface Schema {
  /** Kind of the migrations: a journal of drizzle, one baseline of the schema, or none. */
  readonly kind: 'journal' | 'baseline' | 'none';
  /** Digest of all migrations. */
  readonly digest: string;
  /** Number of migrations. */
  readonly count: number;
  /** Newest migrations, as many as an entry has room for. */
  readonly newest: readonly AppliedMigration[];
}

/** Entry for migrations that were applied. They determine the schema, even if the release fails later. */
export interface MigrationsEntry {
  /** Kind of the entry. */
  readonly kind: 'migrations';
  /** Id of the release that has the migrations. */
  readonly releaseId: string;
  /** Schema after the migrations. */
  readonly schema: Schema;
  /**
   * Moment before the first statement, in ISO 8601, or the identifier of a snapshot.
   * @default - no restore point
   */
  readonly restorePoint?: string;
}

/** Entry for a release that users have. */
export interface ReleaseEntry {
  /**
   * Reason for the entry: the release was deployed (`release`), a later deployment failed (`returned`), or people went
   * back to the release (`rollback`).
   */
  readonly kind: 'release' | 'returned' | 'rollback';
  /** Id of the release. */
  readonly releaseId: string;
  /** Address of the image. */
  readonly image: string;
  /**
   * Digest of the image.
   * @default - ECS did not say
   */
  readonly imageDigest?: string;
  /** ARN of the task definition. */
  readonly taskDefinition: string;
  /** Value of the key that makes users see the client. */
  readonly pointer: string;
  /** ARN of the key value store that has the key. */
  readonly keyValueStore: string;
  /** Address at which the release was verified. */
  readonly url: string;
  /**
   * SHA-256 of the page, in hex.
   * @default - the server makes a page for each request
   */
  readonly pageDigest?: string;
  /** Path that answers 200 when a task can serve requests. */
  readonly healthPath: string;
  /**
   * Checks that the release passed through its CDN.
   * @default - the checks were too long for the entry
   */
  readonly checks?: readonly Check[];
  /**
   * Checks that the server passed without the CDN.
   * @default - the checks were too long for the entry
   */
  readonly serverChecks?: readonly Check[];
  /** Schema of the database. */
  readonly schema: Schema;
  /**
   * Moment before the first statement of the release's migrations, in ISO 8601, or the identifier of a snapshot.
   * @default - no restore point
   */
  readonly restorePoint?: string;
  /**
   * Plan by which the release was deployed.
   * @default - no plan was made
   */
  readonly plan?: ApprovedPlan;
  /**
   * Id of the release that people left, with their reason.
   * @default - people did not go back
   */
  readonly left?: string;
}

/** Plan by which a release was deployed. */
export interface ApprovedPlan {
  /** Digest of the plan. */
  readonly digest: string;
  /** Name under which the plan was registered. */
  readonly author: string;
  /** Names of the people who approved the plan. */
  readonly approvers: readonly string[];
}

/** Entry of a history of releases. */
export type Entry = MigrationsEntry | ReleaseEntry;

/** Returns the folder of a history in the Parameter Store. */
export function historyPath(name: string): string {
  return `/framework53/${name}/releases`;
}

const FORMAT = 1;
/** Characters. An entry fits into a parameter of 8 KB, and nearly always into one of 4 KB. */
const LONGEST_MIGRATIONS = 1_800;
const LONGEST_CHECKS = 2_200;

/** Returns a schema with as many of its newest migrations as an entry has room for. */
export function schemaOf(
  kind: Schema['kind'],
  digest: string,
  migrations: readonly AppliedMigration[],
): Schema {
  let length = 0;
  const newest: AppliedMigration[] = [];
  for (const migration of [...migrations].reverse()) {
    length += migration.tag.length + 4;
    if (length > LONGEST_MIGRATIONS) break;
    newest.unshift(migration);
  }
  return { kind, digest, count: migrations.length, newest };
}

/** Returns the checks, or undefined if an entry has no room for them. */
export function recordedChecks(checks: readonly Check[]): readonly Check[] | undefined {
  return JSON.stringify(checks).length > LONGEST_CHECKS ? undefined : checks;
}

/** Writes an entry as the value of a parameter. `!` marks a migration that contracts, `?` one that nobody has judged. */
export function serialize({ schema, ...entry }: Entry): string {
  const newest = schema.newest.map(
    ({ tag, contracts }) => `${contracts ? '!' : contracts === undefined ? '?' : ''}${tag}`,
  );
  return JSON.stringify({ formatVersion: FORMAT, ...entry, schema: { ...schema, newest } });
}

/** Reads an entry from the value of a parameter; undefined if this version cannot read it. */
export function deserialize(value: string): Entry | undefined {
  let parsed: { formatVersion?: number; schema: { newest: string[] } };
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  const { formatVersion, ...entry } = parsed;
  if (formatVersion !== FORMAT) return undefined;
  const newest = entry.schema.newest.map(
    (text): AppliedMigration =>
      text.startsWith('?')
        ? { tag: text.slice(1) }
        : text.startsWith('!')
          ? { tag: text.slice(1), contracts: true }
          : { tag: text, contracts: false },
  );
  return { ...entry, schema: { ...entry.schema, newest } } as unknown as Entry;
}
