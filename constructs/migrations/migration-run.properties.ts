/** Exit code of a migration task whose login the database refused. A new task reads the login's secret anew. */
export const LOGIN_REFUSED = 77;

/** Properties of the custom resource that runs migrations. */
export interface MigrationRunProperties {
  readonly ServiceToken: string;
  readonly Cluster: string;
  readonly TaskDefinition: string;
  readonly Container: string;
  readonly Subnets: string[];
  readonly SecurityGroups: string[];
  readonly LogGroup: string;
  readonly LogStreamPrefix: string;
  /** Text that changes when the migrations do. */
  readonly Digest: string;
  readonly Image: string;
  /** Seconds as a string, because CloudFormation turns every property into one. */
  readonly TimeoutSeconds: string;
  /** Cluster to make a snapshot of; undefined if the restore point is for point-in-time recovery. */
  readonly SnapshotCluster?: string;
  /** Number of snapshots that are kept. */
  readonly KeepSnapshots?: string;
}
