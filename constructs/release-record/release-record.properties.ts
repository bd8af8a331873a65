/** Types of the two custom resources. Both have the same handler. */
export const MIGRATIONS_RECORD = 'Custom::MigrationsRecord';
export const RELEASE_RECORD = 'Custom::ReleaseRecord';

interface Common {
  readonly ServiceToken: string;
  /** Name of the history. */
  readonly Name: string;
  readonly ReleaseId: string;
  /** A `Schema` as JSON, because CloudFormation would turn its numbers into strings. */
  readonly Schema: string;
  readonly RestorePoint?: string;
}

/** Properties of the record of the migrations. */
export type MigrationsRecordProperties = Common;

/** Properties of the record of the release. */
export interface ReleaseRecordProperties extends Common {
  /** Names of the ECS cluster and service that run the task definition. */
  readonly Cluster: string;
  readonly Service: string;
  readonly Image: string;
  readonly TaskDefinition: string;
  readonly Pointer: string;
  /** ARN of the key value store with the pointer. */
  readonly Store: string;
  readonly Url: string;
  /** Absent if the server renders the page. */
  readonly PageDigest?: string;
  readonly HealthPath: string;
  /** Checks as JSON; absent if they are too long for an entry. */
  readonly Checks?: string;
  readonly ServerChecks?: string;
  /** Effect on the history when the resource is deleted. */
  readonly OnDelete: 'retain' | 'delete';
}
