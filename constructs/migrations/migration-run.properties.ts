/** What the template tells the handler that runs migrations. */
export interface MigrationRunProperties {
  readonly ServiceToken: string;
  readonly Cluster: string;
  readonly TaskDefinition: string;
  readonly Container: string;
  readonly Subnets: string[];
  readonly SecurityGroups: string[];
  readonly LogGroup: string;
  readonly LogStreamPrefix: string;
  /** Changes when the migrations do. */
  readonly Digest: string;
  readonly Image: string;
  /** CloudFormation hands every property over as a string. */
  readonly TimeoutSeconds: string;
  /** Cluster to make a snapshot of first; absent when point-in-time recovery is the restore point. */
  readonly SnapshotCluster?: string;
  /** Snapshots kept, the newest. */
  readonly KeepSnapshots?: string;
}
