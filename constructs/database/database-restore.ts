import type { CfnDBCluster } from 'aws-cdk-lib/aws-rds';

/**
 * Where a cluster gets its first data from.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html
 */
export type DatabaseRestore =
  | {
      /** ARN of a snapshot, or its identifier when it is this account's. */
      readonly snapshotIdentifier: string;
    }
  | {
      /** Identifier of the cluster to copy, or its ARN. */
      readonly sourceClusterIdentifier: string;
      /**
       * Moment to go back to.
       * @default the latest that can be restored
       */
      readonly at?: Date;
    };

/**
 * Makes the same resource start from `restore`, under the same logical id. What a restored cluster inherits
 * must not be named again.
 */
export function applyRestore(cluster: CfnDBCluster, restore: DatabaseRestore): void {
  cluster.masterUsername = undefined;
  cluster.databaseName = undefined;
  if ('snapshotIdentifier' in restore) {
    cluster.snapshotIdentifier = restore.snapshotIdentifier;
    return;
  }
  cluster.sourceDbClusterIdentifier = restore.sourceClusterIdentifier;
  if (restore.at) cluster.restoreToTime = restore.at.toISOString();
  else cluster.useLatestRestorableTime = true;
}
