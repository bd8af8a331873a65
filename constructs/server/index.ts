export { ContainerServer, type ContainerServerProps } from './container-server';
export {
  type CanaryDeploymentOptions,
  type ColourDeploymentOptions,
  Deployment,
  type LinearDeploymentOptions,
} from './deployment';
export {
  RollbackAlarms,
  type RollbackAlarmsProps,
  type RollbackOptions,
  type RollbackThresholds,
} from './rollback-alarms';
export type { ServerTlsOptions } from './server-load-balancer';
export type { TaskCount } from './server-scaling';
export type { ShutdownOptions } from './shutdown';
