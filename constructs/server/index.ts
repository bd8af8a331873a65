export { ContainerServer } from './container-server';
export type { ContainerServerProps, ServerDeploymentOptions } from './container-server-props';
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
export type { ServerLoadBalancerOptions, ServerTlsOptions } from './server-load-balancer';
export type { ServerScalingOptions } from './server-scaling';
export type { ServerTaskOptions } from './server-task';
export type { ShutdownOptions } from './shutdown';
