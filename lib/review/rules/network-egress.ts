import type { Severity } from '../finding';
import { type GroupRule, narrowed, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup, isGroupRule, lostSeverity } from './network-rules';
import type { Rule } from './rule';

/** A security group lets out more, or less. */
export const networkEgress: Rule = {
  name: 'network-egress',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A security group lets out more, to other addresses or groups or on more ports; or no longer what it did.',
  link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  speaksOfResources: true,
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
        what: `${group} newly lets out ${named(rules)}.`,
        why:
          severity === 'caution'
            ? 'Whoever takes over a program in it can carry data out.'
            : 'Programs in it can reach that.',
        fix: 'Let out to one group on one port (`connections.allowTo`), or to a prefix list or VPC endpoint.',
      })),
      ...byGroup(less, (severity, rules, group) => ({
        severity,
        what: `${group} no longer lets out ${named(rules)}.`,
        why: 'Programs in it no longer reach that: their connections time out.',
        fix: 'Look in the flow logs whether anything still goes there.',
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
