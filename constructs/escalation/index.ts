export { Escalation, type EscalationPointers, type EscalationProps } from './escalation';
export type {
  Contact,
  EscalationPlan,
  Override,
  Rotation,
  Target,
  Tier,
  Weekday,
} from './escalation-plan';
export { onCall, type Shift, shifts } from './rotation';
