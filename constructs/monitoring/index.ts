export { EdgeAlarms, type EdgeAlarmsProps } from './edge-alarms';
