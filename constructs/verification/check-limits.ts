/**
 * Maximum length of a canary's checks as JSON, in characters. The environment variables of a function have 4 KB, of
 * which the runtime uses some.
 */
export const LONGEST_CANARY_CHECKS = 3000;

/** Maximum length of a release's checks as JSON, in characters, so that CloudFormation and the handler accept them. */
export const LONGEST_RELEASE_CHECKS = 8000;
