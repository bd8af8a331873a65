import type { Severity } from '../finding';
import type { GroupRule } from '../security-groups';
import { type Observation, observe, type Remark } from './rule';

/** One observation for each security group and severity. */
export function byGroup(
  found: readonly { readonly rule: GroupRule; readonly severity: Severity }[],
  remark: (severity: Severity, rules: readonly GroupRule[]) => Remark,
): Observation[] {
  const groups = new Map<string, { severity: Severity; rules: GroupRule[] }>();
  for (const { rule, severity } of found) {
    const key = `${severity} ${rule.group}`;
    const group = groups.get(key);
    if (group) group.rules.push(rule);
    else groups.set(key, { severity, rules: [rule] });
  }
  return [...groups.values()].map(({ severity, rules }) =>
    observe(rules[0]!.source, remark(severity, rules)),
  );
}
