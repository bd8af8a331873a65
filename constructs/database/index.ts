export type { DatabaseCapacity, InstanceCapacity, ServerlessCapacity } from './database-capacity';
export type { DatabaseRestore } from './database-restore';
export { DatabaseRoles, type DatabaseRolesProps } from './database-roles';
export { ENGINE_VERSION } from './engine-version';
export { PooledPostgres, type PooledPostgresProps } from './pooled-postgres';
export type { ProxyOptions } from './postgres-proxy';
export type { ApplicationRole } from './role-statements';
