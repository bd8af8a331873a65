import type { Severity } from '../finding';
import { type GroupRule, narrowed, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup, isGroupRule, lostSeverity } from './network-rules';
import type { Rule } from './rule';

/** A security group lets in more, or less. */
export const networkIngress: Rule = {
  name: 'network-ingress',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A security group lets in more, other addresses or groups or more ports or protocols; or no longer what it did.',
  link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  speaksOfResources: true,
  judges: isGroupRule('Ingress'),
  judge(comparison) {
    const more = widened(comparison, 'ingress').flatMap((rule) => {
      const severity = weigh(rule);
      return severity ? [{ rule, severity }] : [];
    });
    const less = narrowed(comparison, 'ingress').map((rule) => ({ rule, severity: lostSeverity(rule) }));
    const named = (rules: readonly GroupRule[]) =>
      list(rules.map((rule) => `${ports(rule)} from ${rule.peer}`));
    return [
      ...byGroup(more, (severity, rules, group) => ({
        severity,
        what: `${group} newly lets in ${named(rules)}.`,
        why: why(severity, rules[0]!),
        fix: 'Let in one security group on one port (`connections.allowFrom`). Put what the world is to reach behind CloudFront and its firewall.',
      })),
      ...byGroup(less, (severity, rules, group) => ({
        severity,
        what: `${group} no longer lets in ${named(rules)}.`,
        why: 'Connections from there are refused as soon as the rule is gone.',
        fix: 'Look in the flow logs whether anything still comes from there.',
      })),
    ];
  },
};

function weigh(rule: GroupRule): Severity | undefined {
  switch (reach(rule.peer)) {
    case 'everybody':
    case 'the internet':
      return 'danger';
    case 'private addresses':
      return 'caution';
    case 'a group or list':
      if (rule.isNew) return undefined;
      return rule.to - rule.from > 1024 ? 'caution' : 'note';
    case 'nobody':
      return undefined;
  }
}

function why(severity: Severity, { peer }: GroupRule): string {
  if (severity === 'danger') return 'Anybody who finds it from there can try to get in.';
  if (severity === 'caution')
    return reach(peer) === 'private addresses'
      ? 'Everything in that network can reach it, now and in the future.'
      : 'So many ports reach programs that nobody meant.';
  return 'Everything that carries that group, or is on that list, can reach it.';
}
