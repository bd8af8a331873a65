import type { Severity } from '../finding';
import { type GroupRule, narrowed, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup, isGroupRule, lostSeverity } from './network-rules';
import type { Rule } from './rule';

/** Finds changed outbound rules of security groups. */
export const networkEgress: Rule = {
  name: 'network-egress',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A security group allows more outbound traffic, to other addresses or groups or on more ports; or it no longer allows some.',
  link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  coversResources: true,
  judges: isGroupRule('Egress'),
  judge(comparison) {
    const more = widened(comparison, 'egress').flatMap((rule) => {
      const severity = weigh(rule);
      return severity ? [{ rule, severity }] : [];
    });
    const less = narrowed(comparison, 'egress').map((rule) => ({ rule, severity: lostSeverity(rule) }));
    const named = (rules: readonly GroupRule[]) =>
      list(rules.map((rule) => `${ports(rule)} to ${rule.peer}`));
    return [
      ...byGroup(more, (severity, rules, group) => ({
        severity,
        what: `${group} newly allows outbound traffic on ${named(rules)}.`,
        why:
          severity === 'caution'
            ? 'An attacker who takes over a program in this group can send data out.'
            : 'Programs in this group can connect to it.',
        fix: 'Allow one group on one port (`connections.allowTo`), or a prefix list or VPC endpoint.',
      })),
      ...byGroup(less, (severity, rules, group) => ({
        severity,
        what: `${group} no longer allows outbound traffic on ${named(rules)}.`,
        why: 'Programs in this group can no longer connect to it; their connections time out.',
        fix: 'Check in the flow logs that nothing still sends traffic there.',
      })),
    ];
  },
};

function weigh(rule: GroupRule): Severity | undefined {
  const wide = ['everybody', 'the internet'].includes(reach(rule.peer));
  if (reach(rule.peer) === 'nobody') return undefined;
  if (rule.isNew) return wide ? 'note' : undefined;
  return wide || rule.to - rule.from > 1024 ? 'caution' : 'note';
}
