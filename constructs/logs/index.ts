export { LogEncryption } from './log-encryption';
export { LogProtection } from './log-protection';
export { ProtectedLogGroup, type ProtectedLogGroupProps } from './protected-log-group';
