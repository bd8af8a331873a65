import {
  CreateDBClusterSnapshotCommand,
  DBClusterSnapshotAlreadyExistsFault,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { MigrationRunProperties } from './migration-run.properties';

const rds = new RDSClient({});

/** Prefix of the names of migration snapshots. Snapshots with other names belong to people. */
const prefix = (cluster: string) => `${cluster}-before-`;

/**
 * Starts the snapshot of a request. If Lambda delivers the request twice, both get the same snapshot.
 * @returns the identifier of the snapshot, or undefined if the restore point is a time for point-in-time recovery
 */
export async function startSnapshot(
  { SnapshotCluster }: MigrationRunProperties,
  requestId: string,
): Promise<string | undefined> {
  if (!SnapshotCluster) return undefined;
  // An identifier has at most 63 characters, and the cluster name takes up to 40 of them.
  const request = requestId.replaceAll('-', '').toLowerCase().slice(0, 12);
  const DBClusterSnapshotIdentifier = `${prefix(SnapshotCluster)}${request}`;
  try {
    await rds.send(
      new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier: SnapshotCluster,
        DBClusterSnapshotIdentifier,
      }),
    );
  } catch (error) {
    if (!(error instanceof DBClusterSnapshotAlreadyExistsFault)) throw error;
  }
  return DBClusterSnapshotIdentifier;
}

/**
 * Returns true if the snapshot is available.
 * @throws if the snapshot has failed
 */
export async function snapshotIsAvailable(identifier: string): Promise<boolean> {
  const { DBClusterSnapshots = [] } = await rds.send(
    new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: identifier }),
  );
  const status = DBClusterSnapshots[0]?.Status;
  if (status === 'failed') throw new Error(`the snapshot ${identifier} failed, so no migration ran`);
  return status === 'available';
}

/** Deletes the oldest migration snapshots. Logs a failure instead of failing the release. */
export async function pruneSnapshots({
  SnapshotCluster,
  KeepSnapshots,
}: MigrationRunProperties): Promise<void> {
  if (!SnapshotCluster) return;
  try {
    const { DBClusterSnapshots = [] } = await rds.send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: SnapshotCluster, SnapshotType: 'manual' }),
    );
    const ours = DBClusterSnapshots.filter(({ DBClusterSnapshotIdentifier = '' }) =>
      DBClusterSnapshotIdentifier.startsWith(prefix(SnapshotCluster)),
    ).sort((a, b) => (b.SnapshotCreateTime?.getTime() ?? 0) - (a.SnapshotCreateTime?.getTime() ?? 0));
    for (const { DBClusterSnapshotIdentifier } of ours.slice(Number(KeepSnapshots))) {
      await rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier }));
    }
  } catch (error) {
    console.warn(
      JSON.stringify({ level: 'warn', message: 'old snapshots were not deleted', error: String(error) }),
    );
  }
}
