export type { Weekday } from '../weekdays';
export type { MaintenanceWindow, PageOptions } from './alarm-routes';
export { Escalation } from './escalation';
export { EscalationForwarder, type EscalationForwarderProps } from './escalation-forwarder';
export type {
  Contact,
  EscalationPlan,
  NotificationTarget,
  OnCallOverride,
  Rotation,
  Tier,
  WeeklyTime,
} from './escalation-plan';
export type { AcknowledgePageOptions, EscalationProps, MessageOptions } from './escalation-props';
export { onCall, type Shift } from './rotation';
export { Tickets, type TicketsProps } from './tickets';
