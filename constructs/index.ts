/** The constructs of this package. */
export {
  AccessLogs,
  type AccessLogsProps,
  type ClientDomainOptions,
  type ContentSecurityPolicyOptions,
  type CorsOptions,
  type ErrorPageOptions,
  StaticClient,
  type StaticClientProps,
  WebFirewall,
  type WebFirewallProps,
} from './client';
export { ConstructError } from './construct-error';
export {
  type ApplicationRole,
  type ConnectionBudget,
  type ConnectionDemand,
  type ConnectionSupply,
  connectionBudget,
  type DatabaseCapacity,
  DatabaseMetrics,
  type DatabaseMetricsProps,
  type DatabaseRestore,
  DatabaseRoles,
  type DatabaseRolesProps,
  DatabaseRotation,
  DatabaseToolTask,
  type DatabaseToolTaskProps,
  ENGINE_VERSION,
  type InstanceCapacity,
  maxConnections,
  memoryWarning,
  PooledPostgres,
  type PooledPostgresProps,
  type ProxyOptions,
  type RotationOptions,
  type ServerlessCapacity,
  type ServiceNames,
  type SuggestedAlarm,
} from './database';
export {
  ProtectedLogGroup,
  type ProtectedLogGroupProps,
} from './logs';
export {
  Migrations,
  type MigrationsProps,
  type SnapshotOptions,
} from './migrations';
export {
  EdgeAlarms,
  type EdgeAlarmsProps,
} from './monitoring';
export {
  Network,
  type NetworkProps,
} from './network';
export {
  type AppliedMigration,
  type Entry,
  type MigrationsEntry,
  type Recorded,
  type RecordedMigrations,
  type ReleaseEntry,
  ReleaseHistory,
  ReleaseRecord,
  type ReleaseRecordProps,
  type Schema,
} from './release-record';
export {
  ApplicationSecrets,
  type ApplicationSecretsProps,
  containerSecret,
  ProvidedSecretsCheck,
  type ProvidedSecretsCheckProps,
  type SecretOrigin,
} from './secrets';
export {
  type CanaryDeploymentOptions,
  type ColourDeploymentOptions,
  ContainerServer,
  type ContainerServerProps,
  Deployment,
  type LinearDeploymentOptions,
  RollbackAlarms,
  type RollbackOptions,
  type RollbackThresholds,
  type ServerTlsOptions,
  type ShutdownOptions,
  type TaskCount,
} from './server';
export {
  assetChecks,
  type Check,
  type CheckLimits,
  type CheckResult,
  checkProblems,
  type Fetch,
  pageDigest,
  parseChecks,
  type ReleaseLimits,
  type ReleasePromise,
  ReleaseVerification,
  type ReleaseVerificationProps,
  runChecks,
  verifyRelease,
} from './verification';
