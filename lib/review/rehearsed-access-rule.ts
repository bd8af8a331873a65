/** Name of the rule for findings from the trace of a rehearsal. */
export const REHEARSED_ACCESS_RULE = 'rehearsed-access';
