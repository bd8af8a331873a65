import type { LeafChange, ResourceChange } from '../change';
import type { Severity } from '../finding';
import { type GroupRule, reach } from '../security-groups';
import { type Observation, observe, type Remark } from './rule';

/** Groups rules into one observation for each security group and severity. */
export function byGroup(
  found: readonly { readonly rule: GroupRule; readonly severity: Severity }[],
  remark: (severity: Severity, rules: readonly GroupRule[], group: string) => Remark,
): Observation[] {
  const groups = new Map<string, { severity: Severity; rules: GroupRule[] }>();
  for (const { rule, severity } of found) {
    const key = `${severity} ${rule.group}`;
    const group = groups.get(key);
    if (group) group.rules.push(rule);
    else groups.set(key, { severity, rules: [rule] });
  }
  return [...groups.values()].map(({ severity, rules }) => {
    const [first] = rules as [GroupRule];
    return observe(first.source, remark(severity, rules, first.group.split(' ').at(-1)!));
  });
}

/** Returns the severity of a removed rule. Rules between groups connect programs; narrower address ranges are safer. */
export function lostSeverity({ peer, isNarrowed }: GroupRule): Severity {
  if (isNarrowed) return 'note';
  switch (reach(peer)) {
    case 'a group or list':
      return 'danger';
    case 'private addresses':
      return 'caution';
    default:
      return 'note';
  }
}

/** Returns true if a property belongs to the rules of a security group. */
export function isGroupRule(direction: 'Ingress' | 'Egress') {
  return ({ resourceType }: ResourceChange, { path }: Pick<LeafChange, 'path'>): boolean =>
    resourceType === `AWS::EC2::SecurityGroup${direction}` ||
    (resourceType === 'AWS::EC2::SecurityGroup' && path.startsWith(`Properties.SecurityGroup${direction}`));
}
