import type { Severity } from '../finding';
import { type GroupRule, narrowed, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup, isGroupRule, lostSeverity } from './network-rules';
import type { Rule } from './rule';

/** Finds changed inbound rules of security groups. */
export const networkIngress: Rule = {
  name: 'network-ingress',
  severities: ['danger', 'caution', 'note'],
  summary:
    'A security group allows more inbound traffic, from other addresses or groups or on more ports; or it no longer allows some.',
  link: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  coversResources: true,
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
        what: `${group} newly allows inbound traffic on ${named(rules)}.`,
        why: why(severity, rules[0]!),
        fix: 'Allow one security group on one port (`connections.allowFrom`). Put public services behind CloudFront and its firewall.',
      })),
      ...byGroup(less, (severity, rules, group) => ({
        severity,
        what: `${group} no longer allows inbound traffic on ${named(rules)}.`,
        why: 'New connections from there time out as soon as the rule is removed.',
        fix: 'Check in the flow logs that nothing still connects from there.',
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
  if (severity === 'danger') return 'Anybody in that address range can try to connect.';
  if (severity === 'caution')
    return reach(peer) === 'private addresses'
      ? 'Everything in that network can connect, now and in the future.'
      : 'So many ports expose programs that nobody intended to expose.';
  return 'Everything with that security group, or on that prefix list, can connect.';
}
