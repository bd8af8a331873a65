/** Name of the rule for findings from CloudFormation's own change set. */
export const CHANGE_SET_RULE = 'change-set';

/** Matches CloudFormation's messages for an empty change set. */
export const NO_CHANGES = /didn't contain changes|No updates are to be performed/i;
