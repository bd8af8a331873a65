/** What the key of a record about a cause begins with, in the table and in the state machine. */
export const INCIDENT_PREFIX = 'incident#';
