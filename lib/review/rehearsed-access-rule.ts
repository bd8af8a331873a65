/** The rule of findings that rest on the trace of a rehearsal. */
export const REHEARSED_ACCESS_RULE = 'rehearsed-access';
