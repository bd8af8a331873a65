import type { Place, ReviewFinding } from '../finding';

/** Findings with the same texts at several places. */
export interface FindingGroup extends Omit<ReviewFinding, 'place'> {
  readonly places: readonly Place[];
}

/** Groups findings with the same texts, and keeps their order. */
export function grouped<F extends ReviewFinding>(
  findings: readonly F[],
): (Omit<F, 'place'> & FindingGroup)[] {
  const groups = new Map<string, Omit<F, 'place'> & { places: Place[] }>();
  for (const { place, ...finding } of findings) {
    const key = JSON.stringify(finding);
    const group = groups.get(key) ?? { ...finding, places: [] };
    groups.set(key, group);
    group.places.push(place);
  }
  return [...groups.values()];
}
