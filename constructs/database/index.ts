export {
  type ConnectionBudget,
  type ConnectionDemand,
  type ConnectionSupply,
  connectionBudget,
  maxConnections,
  memoryWarning,
} from './connection-budget';
export type { DatabaseCapacity, InstanceCapacity, ServerlessCapacity } from './database-capacity';
export { DatabaseMetrics, type DatabaseMetricsProps, type SuggestedAlarm } from './database-metrics';
export type { DatabaseRestore } from './database-restore';
export { DatabaseRoles, type DatabaseRolesProps } from './database-roles';
export {
  DatabaseRotation,
  type DatabaseRotationProps,
  type RotationOptions,
  type ServiceNames,
} from './database-rotation';
export { DatabaseToolTask, type DatabaseToolTaskProps } from './database-tool-task';
export { ENGINE_VERSION } from './engine-version';
export { PooledPostgres } from './pooled-postgres';
export type { PooledPostgresProps } from './pooled-postgres-props';
export type { ProxyOptions } from './postgres-proxy';
export type { RoleNames } from './role-names';
export type { ApplicationRole } from './role-statements';
