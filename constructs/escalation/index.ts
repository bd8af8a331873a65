export type { ForeignMeaning, MaintenanceWindow, PageOptions } from './alarm-routes';
export { Escalation, type EscalationPointers, type EscalationProps } from './escalation';
export { EscalationForwarder, type EscalationForwarderProps } from './escalation-forwarder';
export type {
  Contact,
  EscalationPlan,
  Override,
  Rotation,
  Target,
  Tier,
  Weekday,
  WeeklyTime,
} from './escalation-plan';
export { onCall, type Shift, shifts } from './rotation';
export { Tickets, type TicketsProps } from './tickets';
