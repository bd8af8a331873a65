import type { Rule } from '../rule';
import { bodyLimitLarge } from './body-limit-rule';
import { buildRules } from './build-rules';
import { buildWarningRules } from './build-warnings';
import { clientCallsLocalhost } from './client-address-rule';
import { configurationRules } from './configuration-rules';
import { connectionRules } from './connection-rules';
import { corsOpen } from './cors-rule';
import { dataAccessRules } from './data-access-rules';
import { dependencyRules } from './dependency-rules';
import { errorHandlerMissing } from './error-handler-rule';
import { exceptionIgnored } from './exception-rule';
import { exposureRules } from './exposure-rules';
import { headerRules } from './header-rules';
import { importRules } from './import-rules';
import { requestValueInjected } from './injection-rule';
import { layersReversed } from './layer-rule';
import { logLevelDetailed } from './log-level-rule';
import { passwordHashWeak } from './password-rule';
import { poolRules } from './pool-rules';
import { schemaPushedByScript } from './push-rule';
import { rateLimitShared } from './rate-limit-rule';
import { secretRules } from './secret-rules';
import { securityRules } from './security-rules';
import { sessionRules } from './session-rules';
import { tokenUnverified } from './token-rule';
import { tokenInStorage } from './web-storage-rule';

/** All rules, in the order of the framework's sections. */
export const rules: readonly Rule[] = [
  ...importRules,
  ...dependencyRules,
  ...configurationRules,
  clientCallsLocalhost,
  ...buildRules,
  ...dataAccessRules,
  layersReversed,
  ...poolRules,
  ...connectionRules,
  ...buildWarningRules,
  schemaPushedByScript,
  bodyLimitLarge,
  errorHandlerMissing,
  exceptionIgnored,
  logLevelDetailed,
  ...sessionRules,
  tokenUnverified,
  rateLimitShared,
  corsOpen,
  ...headerRules,
  ...securityRules,
  passwordHashWeak,
  requestValueInjected,
  ...exposureRules,
  ...secretRules,
  tokenInStorage,
];
