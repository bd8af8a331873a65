import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AlarmFacts } from './alarm-notification';

/** The last incident of a cause. */
export interface Incident {
  readonly cause: string;
  /** Name of the incident, and of its first execution. */
  readonly incident: string;
  readonly status: 'running' | 'closed';
  /** Name of the execution that handles the incident. */
  readonly execution: string;
  /** Start, in ISO 8601. */
  readonly since: string;
  /** Names of the alarms that belong to the incident. */
  readonly alarms: readonly string[];
  /** Names of the alarms that joined after the acknowledgement and that nobody has been notified of yet. */
  readonly news: readonly string[];
  /** Names of the alarms that fire in another region, where the state machine cannot read them. */
  readonly elsewhere: readonly string[];
  /** Facts of the first alarm. */
  readonly facts: AlarmFacts;
  /** Recipients of the incident's pages, as JSON. */
  readonly told: readonly string[];
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: string;
}

/** A link to acknowledge. */
export interface Link {
  readonly cause: string;
  readonly incident: string;
  /** Name of the contact that the link was sent to. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly usedAt?: string;
}

/** Reads an incident from its record in the table. */
export function incidentOf(cause: string, item: Record<string, AttributeValue>): Incident {
  return {
    cause,
    incident: item['incident']!.S!,
    status: item['status']!.S as Incident['status'],
    execution: item['execution']!.S!,
    since: item['since']!.S!,
    alarms: [...(item['alarms']?.SS ?? [])].sort(),
    news: [...(item['news']?.SS ?? [])].sort(),
    elsewhere: [...(item['elsewhere']?.SS ?? [])].sort(),
    facts: JSON.parse(item['facts']!.S!),
    told: [...(item['told']?.SS ?? [])].sort(),
    acknowledgedBy: item['acknowledgedBy']?.S,
    acknowledgedAt: item['acknowledgedAt']?.S,
  };
}
