export {
  DELIVERY_ROLES,
  DeliveryParameters,
  type DeliveryRole,
  deliveryRoleName,
} from '../delivery-parameters';
export {
  DeliveryRoles,
  type DeliveryRolesProps,
  type GitHubWorkflowsOptions,
} from './delivery-roles';
export {
  type DeliveryDuty,
  type DeliveryOverride,
  type DeliveryPerson,
  type DeliveryPolicy,
  type DeliveryRules,
  EVIDENCE_KINDS,
  type EvidenceKind,
  type FreezeTime,
  type FreezeWindow,
} from './delivery-rules';
