export { ProtectedLogGroup, type ProtectedLogGroupProps } from './protected-log-group';
