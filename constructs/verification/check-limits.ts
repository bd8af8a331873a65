/** Number of characters that the checks of a canary may have as JSON: the variables of a function have 4 KB, of which the runtime needs some. */
export const LONGEST_CANARY_CHECKS = 3000;

/** Number of characters that the checks of a release may have as JSON, which CloudFormation and the handler accept. */
export const LONGEST_RELEASE_CHECKS = 8000;
