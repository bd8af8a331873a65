import type { Check } from '../verification/checks';

/** One migration of a release, in the order in which they are applied. */
export interface AppliedMigration {
  /** Its name in drizzle's journal. */
  readonly tag: string;
  /**
   * Whether a server built before it may fail after it.
   * @default nobody has judged it
   */
  readonly contracts?: boolean;
}

/** What the schema of the database is after a release's migrations. */
export interface Schema {
  readonly kind: 'journal' | 'baseline' | 'none';
  /** Of all migrations together. */
  readonly digest: string;
  /** How many there are. */
  readonly count: number;
  /** The newest of them, as many as a record has room for. */
  readonly newest: readonly AppliedMigration[];
}

/** Migrations were applied: from here on this is the schema, whatever becomes of the release. */
export interface MigrationsEntry {
  readonly kind: 'migrations';
  readonly releaseId: string;
  readonly schema: Schema;
  /** A moment before the first statement, in ISO 8601. */
  readonly restorePoint?: string;
}

/**
 * A release is what users have: it was deployed (`release`), it came back when a deployment failed
 * (`returned`), or people went back to it (`rollback`).
 */
export interface ReleaseEntry {
  readonly kind: 'release' | 'returned' | 'rollback';
  readonly releaseId: string;
  /** Address of the image, and its digest if ECS said it. */
  readonly image: string;
  readonly imageDigest?: string;
  /** ARN of the revision. */
  readonly taskDefinition: string;
  /** Value of the key that makes users see the client, and the store that has the key. */
  readonly pointer: string;
  readonly keyValueStore: string;
  /** Where the release was verified, and the SHA-256 of its page. */
  readonly url: string;
  readonly pageDigest: string;
  readonly healthPath: string;
  /** What the release promised its users; absent when that was too long to keep. */
  readonly checks?: readonly Check[];
  /** Which of the checks a server without CDN answers. */
  readonly serverChecks?: readonly Check[];
  readonly schema: Schema;
  readonly restorePoint?: string;
  /** Plan, author and approvers; absent if no plan was made. */
  readonly plan?: ApprovedPlan;
  /** The release that was left, and why, for one that people went back to. */
  readonly left?: string;
}

/** The plan that a release was deployed by. */
export interface ApprovedPlan {
  /** Digest of the plan. */
  readonly digest: string;
  /** Name under which the plan was registered. */
  readonly author: string;
  /** Names of the people who approved it. */
  readonly approvers: readonly string[];
}

export type Entry = MigrationsEntry | ReleaseEntry;

const FORMAT = 1;
/** So that a record with all of its parts fits into a parameter of 8 KB, and nearly always into one of 4 KB. */
const LONGEST_MIGRATIONS = 1_800;
const LONGEST_CHECKS = 2_200;

/** A schema with as many of its newest migrations as a record has room for. */
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

/** Checks that a record has room for. */
export function recordedChecks(checks: readonly Check[]): readonly Check[] | undefined {
  return JSON.stringify(checks).length > LONGEST_CHECKS ? undefined : checks;
}

/** An entry as the value of a parameter. Of a migration `!` says that it contracts, `?` that nobody judged it. */
export function serialize({ schema, ...entry }: Entry): string {
  const newest = schema.newest.map(
    ({ tag, contracts }) => `${contracts ? '!' : contracts === undefined ? '?' : ''}${tag}`,
  );
  return JSON.stringify({ formatVersion: FORMAT, ...entry, schema: { ...schema, newest } });
}

/** @returns undefined for what this version cannot read */
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
