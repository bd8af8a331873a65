/** Types of the two custom resources, which share a handler. */
export const MIGRATIONS_RECORD = 'Custom::MigrationsRecord';
export const RELEASE_RECORD = 'Custom::ReleaseRecord';

interface Common {
  readonly ServiceToken: string;
  /** Name of the history. */
  readonly Name: string;
  readonly ReleaseId: string;
  /** A `Schema` as JSON. CloudFormation would turn its numbers into text. */
  readonly Schema: string;
  readonly RestorePoint?: string;
}

/** Properties of the record of the migrations. */
export type MigrationsRecordProperties = Common;

/** Properties of the record of the release. */
export interface ReleaseRecordProperties extends Common {
  /** Names of the cluster and the service that run the task definition. */
  readonly Cluster: string;
  readonly Service: string;
  readonly Image: string;
  readonly TaskDefinition: string;
  readonly Pointer: string;
  /** ARN of the store that has the pointer. */
  readonly Store: string;
  readonly Url: string;
  /** Absent where the server makes the page. */
  readonly PageDigest?: string;
  readonly HealthPath: string;
  /** As JSON; absent when they are too long to keep. */
  readonly Checks?: string;
  readonly ServerChecks?: string;
  /** Effect of the deletion of the resource on the history. */
  readonly OnDelete: 'retain' | 'delete';
}
