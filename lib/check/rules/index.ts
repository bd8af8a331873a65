import type { Rule } from '../rule';
import { buildRules } from './build-rules';
import { configurationRules } from './configuration-rules';
import { corsOpen } from './cors-rule';
import { dataAccessRules } from './data-access-rules';
import { dependencyRules } from './dependency-rules';
import { errorHandlerMissing } from './error-handler-rule';
import { importRules } from './import-rules';
import { poolRules } from './pool-rules';
import { rateLimitShared } from './rate-limit-rule';
import { secretRules } from './secret-rules';
import { securityRules } from './security-rules';
import { sessionRules } from './session-rules';

/** All rules, in the order of the framework's sections. */
export const rules: readonly Rule[] = [
  ...importRules,
  ...dependencyRules,
  ...configurationRules,
  ...buildRules,
  ...dataAccessRules,
  ...poolRules,
  errorHandlerMissing,
  ...sessionRules,
  rateLimitShared,
  corsOpen,
  ...securityRules,
  ...secretRules,
];
