import {
  CreateDBClusterSnapshotCommand,
  DBClusterSnapshotAlreadyExistsFault,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { MigrationRunProperties } from './migration-run.properties';

const rds = new RDSClient({});

/** Prefix of the snapshots of migrations; people name theirs otherwise. */
const prefix = (cluster: string) => `${cluster}-before-`;

/**
 * Starts the snapshot of a request. A request that is delivered twice has one snapshot.
 * @returns the identifier of the snapshot, or undefined if the restore point is for point-in-time recovery
 */
export async function startSnapshot(
  { SnapshotCluster }: MigrationRunProperties,
  requestId: string,
): Promise<string | undefined> {
  if (!SnapshotCluster) return undefined;
  // An identifier has at most 63 characters, of which the name of a cluster takes up to 40.
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

/** @throws when the snapshot can no longer become available */
export async function snapshotIsAvailable(identifier: string): Promise<boolean> {
  const { DBClusterSnapshots = [] } = await rds.send(
    new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: identifier }),
  );
  const status = DBClusterSnapshots[0]?.Status;
  if (status === 'failed') throw new Error(`the snapshot ${identifier} failed; nothing was migrated`);
  return status === 'available';
}

/** Deletes the oldest snapshots of migrations. A failure is logged and does not fail the release. */
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
    console.warn(JSON.stringify({ level: 'warn', message: 'old snapshots stay', error: String(error) }));
  }
}
