/** Exit code of a migration task if the database refused its login. A new task reads the secret of the login again. */
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
  /** Text that changes when the migrations change. */
  readonly Digest: string;
  readonly Image: string;
  /** Seconds, as a string because CloudFormation turns every property into a string. */
  readonly TimeoutSeconds: string;
  /** Identifier of the cluster to snapshot; undefined if the restore point is a time for point-in-time recovery. */
  readonly SnapshotCluster?: string;
  /** Number of snapshots to keep. */
  readonly KeepSnapshots?: string;
}
