import { type Operations, ServiceError } from '../core/aws-api';
import { queryAnswer } from '../core/query-answer';
import type { Rds } from './rds';

/** A snapshot of the cluster, which has a name and no data. */
interface Snapshot {
  readonly cluster: string;
  readonly at: string;
}

/** API operations of cluster snapshots. A rehearsal never restores one. */
export function snapshotOperations(rds: Rds): Operations {
  const snapshots = new Map<string, Snapshot>();
  return {
    'rds:CreateDBClusterSnapshot': ({ DBClusterIdentifier, DBClusterSnapshotIdentifier }) => {
      const [cluster, name] = [String(DBClusterIdentifier), String(DBClusterSnapshotIdentifier)];
      if (!rds.database?.clusterArn.endsWith(`:${cluster}`))
        throw new ServiceError('DBClusterNotFoundFault', `there is no cluster ${cluster}`, 404);
      if (snapshots.has(name))
        throw new ServiceError('DBClusterSnapshotAlreadyExistsFault', `${name} exists already`);
      snapshots.set(name, { cluster, at: new Date().toISOString() });
      return queryAnswer('CreateDBClusterSnapshot', '');
    },
    'rds:DescribeDBClusterSnapshots': ({ DBClusterIdentifier, DBClusterSnapshotIdentifier: wanted }) => {
      if (wanted !== undefined && !snapshots.has(String(wanted))) throw notFound(wanted);
      const found = [...snapshots].filter(
        ([name, { cluster }]) =>
          (wanted === undefined || name === wanted) &&
          (DBClusterIdentifier === undefined || cluster === DBClusterIdentifier),
      );
      const members = found.map(
        ([name, { cluster, at }]) =>
          `<DBClusterSnapshot><DBClusterSnapshotIdentifier>${name}</DBClusterSnapshotIdentifier><DBClusterIdentifier>${cluster}</DBClusterIdentifier><SnapshotCreateTime>${at}</SnapshotCreateTime><SnapshotType>manual</SnapshotType><Status>available</Status></DBClusterSnapshot>`,
      );
      return queryAnswer(
        'DescribeDBClusterSnapshots',
        `<DBClusterSnapshots>${members.join('')}</DBClusterSnapshots>`,
      );
    },
    'rds:DeleteDBClusterSnapshot': ({ DBClusterSnapshotIdentifier: name }) => {
      if (!snapshots.delete(String(name))) throw notFound(name);
      return queryAnswer('DeleteDBClusterSnapshot', '');
    },
  };
}

function notFound(name: unknown): ServiceError {
  return new ServiceError('DBClusterSnapshotNotFoundFault', `there is no snapshot ${name}`, 404);
}
