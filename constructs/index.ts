/**
 * Constructs that most teams use, with their props and the types of those props. The other exports are in the entry of
 * each folder, such as `framework53-cdk/monitoring`.
 */
export { StaticClient, type StaticClientProps, WebFirewall, type WebFirewallProps } from './client';
export { ConstructError } from './construct-error';
export { ConnectionPooling, PooledPostgres, type PooledPostgresProps } from './database';
export { DeliveryRoles, type DeliveryRolesProps } from './delivery-roles';
export {
  Escalation,
  type EscalationPlan,
  type EscalationProps,
  Tickets,
  type TicketsProps,
} from './escalation';
export { LogDefaults, LogProtection } from './logs';
export { Migrations, type MigrationsProps } from './migrations';
export {
  DatabaseHealth,
  type DatabaseHealthProps,
  EnvironmentDashboard,
  type EnvironmentDashboardProps,
  MonitoringAlarm,
  ServerHealth,
  type ServerHealthProps,
  UserExperience,
  type UserExperienceProps,
} from './monitoring';
export { Network, type NetworkProps } from './network';
export { ReleaseSequence, type ReleaseSequenceProps } from './release';
export { ReleaseRecord, type ReleaseRecordProps } from './release-record';
export {
  ApplicationSecrets,
  type ApplicationSecretsProps,
  ProvidedSecretsCheck,
  type ProvidedSecretsCheckProps,
} from './secrets';
export { ContainerServer, type ContainerServerProps, DeploymentStrategy } from './server';
export {
  type Check,
  ErrorComparison,
  type ErrorComparisonProps,
  ReleaseVerification,
  type ReleaseVerificationProps,
} from './verification';
