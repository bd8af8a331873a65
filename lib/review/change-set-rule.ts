/** Name of the rule for findings from CloudFormation's own change set. */
export const CHANGE_SET_RULE = 'change-set';
