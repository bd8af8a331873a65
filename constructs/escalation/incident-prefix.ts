/** Beginning of the key of an incident's record; the cause follows. */
export const INCIDENT_PREFIX = 'incident#';
