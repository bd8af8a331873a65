/** Prefix of the key of an incident's record. The cause follows. */
export const INCIDENT_PREFIX = 'incident#';
