import type { Check } from '../verification/checks';

/** Migration of a release. */
export interface AppliedMigration {
  /** Name of the migration in drizzle's journal. */
  readonly tag: string;
  /**
   * True if servers of earlier releases may fail after the migration.
   * @default - unknown
   */
  readonly contracts?: boolean;
}

/** Schema of the database after the migrations of a release. */
export interface Schema {
  /** Kind of migrations: a drizzle journal, one baseline of the schema, or none. */
  readonly kind: 'journal' | 'baseline' | 'none';
  /** Digest of all migrations. */
  readonly digest: string;
  /** Number of migrations. */
  readonly count: number;
  /** Newest migrations, as many as fit into an entry. */
  readonly newest: readonly AppliedMigration[];
}

/** Entry for applied migrations. They determine the schema, even if the release fails later. */
export interface MigrationsEntry {
  /** Kind of the entry. */
  readonly kind: 'migrations';
  /** Id of the release with the migrations. */
  readonly releaseId: string;
  /** Schema after the migrations. */
  readonly schema: Schema;
  /**
   * Restore point: the time just before the first statement, in ISO 8601, or the identifier of a snapshot.
   * @default - no restore point
   */
  readonly restorePoint?: string;
}

/** Entry for a release that users have. */
export interface ReleaseEntry {
  /**
   * Reason for the entry: the release was deployed (`release`), a later deployment failed and the stack rolled back to
   * it (`returned`), or a person rolled back to it (`rollback`).
   */
  readonly kind: 'release' | 'returned' | 'rollback';
  /** Id of the release. */
  readonly releaseId: string;
  /** URI of the image. */
  readonly image: string;
  /**
   * Digest of the image.
   * @default - ECS did not report it
   */
  readonly imageDigest?: string;
  /** ARN of the task definition. */
  readonly taskDefinition: string;
  /** Value of the pointer that makes CloudFront serve the client. */
  readonly pointer: string;
  /** ARN of the key value store with the pointer. */
  readonly keyValueStore: string;
  /** URL at which the release was verified. */
  readonly url: string;
  /**
   * SHA-256 of the page, in hexadecimal digits.
   * @default - the server renders the page for each request
   */
  readonly pageDigest?: string;
  /** Path that returns 200 if a task can serve requests. */
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
   * Restore point of the release's migrations: the time just before the first statement, in ISO 8601, or the
   * identifier of a snapshot.
   * @default - no restore point
   */
  readonly restorePoint?: string;
  /**
   * Plan with which the release was deployed.
   * @default - the deployment had no plan
   */
  readonly plan?: ApprovedPlan;
  /**
   * Id of the release that a person rolled back from, with the person's reason.
   * @default - the entry is not a rollback by a person
   */
  readonly left?: string;
}

/** Plan with which a release was deployed. */
export interface ApprovedPlan {
  /** Digest of the plan. */
  readonly digest: string;
  /** Name of the person or pipeline that registered the plan. */
  readonly author: string;
  /** Names of the people who approved the plan. */
  readonly approvers: readonly string[];
}

/** Entry in a release history. */
export type Entry = MigrationsEntry | ReleaseEntry;

/** Returns the path of a release history in the Parameter Store. */
export function historyPath(name: string): string {
  return `/framework53/${name}/releases`;
}

const FORMAT = 1;
/**
 * Maximum length of the migrations in an entry, in characters. With it, an entry always fits into a parameter of 8 KB,
 * and nearly always into one of 4 KB.
 */
const LONGEST_MIGRATIONS = 1_800;
const LONGEST_CHECKS = 2_200;

/** Returns a schema with as many of its newest migrations as fit into an entry. */
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

/** Returns the checks, or undefined if they do not fit into an entry. */
export function recordedChecks(checks: readonly Check[]): readonly Check[] | undefined {
  return JSON.stringify(checks).length > LONGEST_CHECKS ? undefined : checks;
}

/**
 * Serializes an entry for a parameter. `!` marks a migration that breaks earlier servers, `?` one for which this is
 * unknown.
 */
export function serialize({ schema, ...entry }: Entry): string {
  const newest = schema.newest.map(
    ({ tag, contracts }) => `${contracts ? '!' : contracts === undefined ? '?' : ''}${tag}`,
  );
  return JSON.stringify({ formatVersion: FORMAT, ...entry, schema: { ...schema, newest } });
}

/** Parses an entry from the value of a parameter. Returns undefined if this version cannot read it. */
export function deserialize(value: string): Entry | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed) || parsed['formatVersion'] !== FORMAT || !isEntry(parsed)) return undefined;
  const { formatVersion: _, ...entry } = parsed;
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

const RELEASE = ['image', 'taskDefinition', 'pointer', 'keyValueStore', 'url', 'healthPath'];
const OPTIONAL = ['imageDigest', 'pageDigest', 'restorePoint', 'left'];

/** Returns true if every field has its type. Another program may have written the parameter. */
function isEntry(
  entry: Record<string, unknown>,
): entry is Record<string, unknown> & { schema: { newest: readonly string[] } } {
  const { kind, releaseId, schema, checks, serverChecks, plan } = entry;
  const isMigrations = kind === 'migrations';
  return (
    (isMigrations || kind === 'release' || kind === 'returned' || kind === 'rollback') &&
    isText(releaseId) &&
    isRecord(schema) &&
    isText(schema['kind']) &&
    isText(schema['digest']) &&
    typeof schema['count'] === 'number' &&
    areTexts(schema['newest']) &&
    (isMigrations || RELEASE.every((name) => isText(entry[name]))) &&
    OPTIONAL.every((name) => entry[name] === undefined || isText(entry[name])) &&
    [checks, serverChecks].every((given) => given === undefined || areChecks(given)) &&
    (plan === undefined ||
      (isRecord(plan) && isText(plan['digest']) && isText(plan['author']) && areTexts(plan['approvers'])))
  );
}

function areChecks(given: unknown): boolean {
  return Array.isArray(given) && given.every((check) => isRecord(check) && isText(check['path']));
}

function areTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every(isText);
}

function isText(given: unknown): given is string {
  return typeof given === 'string';
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
