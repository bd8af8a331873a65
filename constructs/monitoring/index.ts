export { ApiPerformance, type ApiPerformanceProps, type ServiceObjectives } from './api-performance';
export {
  type BusinessAlarmOptions,
  type BusinessMetric,
  BusinessMetrics,
  type BusinessMetricsProps,
  type EmbeddedMetric,
} from './business-metrics';
export { Canary, type CanaryOptions, type CanaryProps } from './canary';
export { CombinedAlarm, type CombinedAlarmProps } from './combined-alarm';
export type { DashboardSection } from './dashboard-section';
export { DatabaseHealth, type DatabaseHealthProps } from './database-health';
export { EdgeAlarms, type EdgeAlarmsProps } from './edge-alarms';
export { EdgeLogQueries, type EdgeLogQueriesProps } from './edge-log-queries';
export { EnvironmentDashboard, type EnvironmentDashboardProps } from './environment-dashboard';
export { FirstCanaryRun, type FirstCanaryRunProps } from './first-canary-run';
export {
  type AlarmCondition,
  type AlarmThreshold,
  type AnomalyThreshold,
  MetricAlarm,
  type MetricAlarmProps,
  type NoTrafficGate,
  type TrafficGate,
} from './metric-alarm';
export { type AlarmContext, type AlarmSummary, MonitoringAlarm, type Severity } from './monitoring-alarm';
export { MonthlyBudget, type MonthlyBudgetProps } from './monthly-budget';
export { RealUserMonitoring, type RealUserMonitoringProps } from './real-user-monitoring';
export { ServerHealth, type ServerHealthProps } from './server-health';
export { ServerLogMetrics, type ServerLogMetricsProps } from './server-log-metrics';
export { ServerLogQueries, type ServerLogQueriesProps } from './server-log-queries';
export { ServiceLevel, type ServiceLevelProps } from './service-level';
export { UserExperience, type UserExperienceProps } from './user-experience';
