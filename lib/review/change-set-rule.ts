/** The rule of findings that CloudFormation itself makes. */
export const CHANGE_SET_RULE = 'change-set';
