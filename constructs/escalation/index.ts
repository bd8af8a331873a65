export type { HandlerFunction } from '../handler/handler-function';
export type { AcknowledgePage } from './acknowledge-page';
export type { ForeignMeaning, MaintenanceWindow, PageOptions } from './alarm-routes';
export { Escalation } from './escalation';
export { EscalationForwarder, type EscalationForwarderProps } from './escalation-forwarder';
export type { EscalationIntake } from './escalation-intake';
export type { EscalationMachine } from './escalation-machine';
export {
  type Contact,
  type EscalationPlan,
  type NotificationTarget,
  type OnCallOverride,
  type Rotation,
  type Tier,
  WEEKDAYS,
  type Weekday,
  type WeeklyTime,
} from './escalation-plan';
export type { EscalationPointers, EscalationProps } from './escalation-props';
export type { EscalationWatch } from './escalation-watch';
export { onCall, type Shift, shifts } from './rotation';
export { Tickets, type TicketsProps } from './tickets';
