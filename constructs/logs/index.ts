export { LogDefaults, type LogOptions } from './log-defaults';
export { LogProtection } from './log-protection';
export { ProtectedLogGroup, type ProtectedLogGroupProps } from './protected-log-group';
