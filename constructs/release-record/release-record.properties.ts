/** Types of the two custom resources that share a handler. */
export const MIGRATIONS_RECORD = 'Custom::MigrationsRecord';
export const RELEASE_RECORD = 'Custom::ReleaseRecord';

interface Common {
  readonly ServiceToken: string;
  /** Whose history it is. */
  readonly Name: string;
  readonly ReleaseId: string;
  /** A `Schema` as JSON, for CloudFormation would turn what is in it into text. */
  readonly Schema: string;
  readonly RestorePoint?: string;
}

/** What the template tells the handler once the migrations are applied. */
export type MigrationsRecordProperties = Common;

/** What the template tells the handler once the release is verified. */
export interface ReleaseRecordProperties extends Common {
  readonly Image: string;
  readonly TaskDefinition: string;
  readonly Pointer: string;
  /** ARN of the store that has the pointer. */
  readonly Store: string;
  readonly Url: string;
  readonly PageDigest: string;
  readonly HealthPath: string;
  /** As JSON; absent when they are too long to keep. */
  readonly Checks?: string;
  readonly ServerChecks?: string;
  /** What becomes of the history when the resource is deleted. */
  readonly OnDelete: 'retain' | 'delete';
}
