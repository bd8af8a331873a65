export { ContainerServer } from './container-server';
export type { ContainerServerProps } from './container-server-props';
export {
  type BlueGreenOptions,
  type CanaryDeploymentOptions,
  DeploymentStrategy,
  type LinearDeploymentOptions,
} from './deployment-strategy';
export {
  RollbackAlarms,
  type RollbackAlarmsProps,
  type RollbackOptions,
  type RollbackThresholds,
} from './rollback-alarms';
export type { ServerTlsOptions } from './server-load-balancer';
export type { TaskCount } from './server-scaling';
export type { ShutdownOptions } from './shutdown';
