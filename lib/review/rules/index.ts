import { acknowledgements } from './acknowledgements';
import { alarmRemoved } from './alarm-removed';
import { alarmWeakened } from './alarm-weakened';
import { authentication } from './authentication';
import { backup } from './backup';
import { blueGreen } from './blue-green';
import { buildWarnings } from './build-warnings';
import { capacity } from './capacity';
import { container } from './container';
import { contentSecurityPolicy } from './content-security-policy';
import { dataLoss } from './data-loss';
import { dataProtection } from './data-protection';
import { deletionPolicy } from './deletion-policy';
import { deletionProtection } from './deletion-protection';
import { downtime } from './downtime';
import { encryptionAtRest } from './encryption-at-rest';
import { encryptionInTransit } from './encryption-in-transit';
import { escalation } from './escalation';
import { exportsInUse } from './exports';
import { firewall } from './firewall';
import { iamConditions } from './iam-conditions';
import { iamDenies } from './iam-denies';
import { iamGrants } from './iam-grants';
import { iamManagedPolicies } from './iam-managed-policies';
import { iamPassRole } from './iam-pass-role';
import { iamPrincipals } from './iam-principals';
import { iamRevoked } from './iam-revoked';
import { iamWildcards } from './iam-wildcards';
import { listenerRule } from './listener-rule';
import { logging } from './logging';
import { migrations } from './migrations';
import { networkEgress } from './network-egress';
import { networkIngress } from './network-ingress';
import { originAccess } from './origin-access';
import { plainSecrets } from './plain-secrets';
import { publicAccessBlock } from './public-access-block';
import { publicAddress } from './public-address';
import { refusedUpdate } from './refused-update';
import { renamed } from './renamed';
import type { Rule } from './rule';
import { securityHeaders } from './security-headers';
import { stacks } from './stacks';
import { templateLimits } from './template-limits';
import { unjudged } from './unjudged';
import { weakened } from './weakened';
import { weakerVerification } from './weaker-verification';

export type { Rule } from './rule';

/** All rules, ordered by topic: data, access, users, monitoring, and the deployment itself. */
export const RULES: readonly Rule[] = [
  dataLoss,
  renamed,
  deletionPolicy,
  deletionProtection,
  backup,
  migrations,
  encryptionInTransit,
  encryptionAtRest,
  dataProtection,
  authentication,
  iamWildcards,
  iamPassRole,
  iamPrincipals,
  iamConditions,
  iamDenies,
  iamManagedPolicies,
  iamGrants,
  iamRevoked,
  networkIngress,
  networkEgress,
  publicAddress,
  publicAccessBlock,
  originAccess,
  firewall,
  contentSecurityPolicy,
  securityHeaders,
  container,
  plainSecrets,
  refusedUpdate,
  downtime,
  capacity,
  listenerRule,
  blueGreen,
  weakerVerification,
  alarmRemoved,
  alarmWeakened,
  escalation,
  logging,
  acknowledgements,
  exportsInUse,
  stacks,
  templateLimits,
  buildWarnings,
  weakened,
  unjudged,
];
