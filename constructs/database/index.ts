export type { ConnectionBudget, ConnectionDemand } from './connection-budget';
export { ConnectionPooling, type RdsProxyOptions } from './connection-pooling';
export type { DatabaseCapacity, ProvisionedCapacity, ServerlessV2Capacity } from './database-capacity';
export { DatabaseMetrics, type DatabaseMetricsProps } from './database-metrics';
export type { DatabaseRestore, PointInTimeRestore, SnapshotRestore } from './database-restore';
export { DatabaseRoles, type DatabaseRolesProps } from './database-roles';
export {
  DatabaseRotation,
  type DatabaseRotationProps,
  type RotationOptions,
  type ServiceNames,
} from './database-rotation';
export { DatabaseToolTask, type DatabaseToolTaskProps } from './database-tool-task';
export { PooledPostgres } from './pooled-postgres';
export type { PooledPostgresProps } from './pooled-postgres-props';
export type { BackupOptions } from './postgres-cluster';
export type { RoleNames } from './role-names';
export type { ApplicationRole } from './role-statements';
export type { SuggestedAlarm } from './suggested-alarm';
