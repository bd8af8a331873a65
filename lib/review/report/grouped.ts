import type { Finding } from '../finding';

/** What is said of several places in the same words. */
export interface FindingGroup extends Pick<Finding, 'rule' | 'severity' | 'message' | 'advice'> {
  readonly places: readonly Place[];
}

export type Place = Pick<Finding, 'stack' | 'logicalId' | 'resourceType' | 'path'>;

/** Findings, each said once, in their order. */
export function grouped(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup & { places: Place[] }>();
  for (const { rule, severity, message, advice, stack, logicalId, resourceType, path } of findings) {
    const key = JSON.stringify([rule, severity, message, advice]);
    const group = groups.get(key) ?? { rule, severity, message, advice, places: [] };
    groups.set(key, group);
    group.places.push({ stack, logicalId, resourceType, path });
  }
  return [...groups.values()];
}
