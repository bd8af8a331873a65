import type { CfnDBCluster } from 'aws-cdk-lib/aws-rds';

/** Restore from a snapshot of a cluster. */
export interface SnapshotRestore {
  /** ARN of the snapshot, or its identifier if this account owns the snapshot. */
  readonly snapshotIdentifier: string;
}

/** Restore of another cluster's data to a point in time. */
export interface PointInTimeRestore {
  /** Identifier of the cluster to copy, or its ARN. */
  readonly sourceDbClusterIdentifier: string;
  /**
   * Moment to go back to.
   * @default - the latest moment that can be restored
   */
  readonly restoreToTime?: Date;
}

/**
 * Source of the data that a cluster starts with.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
 */
export type DatabaseRestore = SnapshotRestore | PointInTimeRestore;

/**
 * Makes a cluster start from existing data, under the same logical id. The cluster inherits the master user and the
 * database name; CloudFormation refuses a template that names them again.
 */
export function applyRestore(cluster: CfnDBCluster, restore: DatabaseRestore): void {
  cluster.masterUsername = undefined;
  cluster.databaseName = undefined;
  if ('snapshotIdentifier' in restore) {
    cluster.snapshotIdentifier = restore.snapshotIdentifier;
    return;
  }
  cluster.sourceDbClusterIdentifier = restore.sourceDbClusterIdentifier;
  if (restore.restoreToTime) cluster.restoreToTime = restore.restoreToTime.toISOString();
  else cluster.useLatestRestorableTime = true;
}
