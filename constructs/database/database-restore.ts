import type { CfnDBCluster } from 'aws-cdk-lib/aws-rds';

/** Restore from a cluster snapshot. */
export interface SnapshotRestore {
  /** ARN of the snapshot. The identifier suffices if this account owns the snapshot. */
  readonly snapshotIdentifier: string;
}

/** Restore of another cluster's data to a point in time. */
export interface PointInTimeRestore {
  /** Identifier or ARN of the source cluster. */
  readonly sourceDbClusterIdentifier: string;
  /**
   * Time to restore to.
   * @default - the latest restorable time
   */
  readonly restoreToTime?: Date;
}

/**
 * Source of a new cluster's data.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
 */
export type DatabaseRestore = SnapshotRestore | PointInTimeRestore;

/**
 * Makes a cluster start with existing data, under the same logical id. The cluster inherits the master user and the
 * database name. CloudFormation refuses a template that sets them again.
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
