import type { Severity } from '../finding';
import { type GroupRule, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup } from './network-rules';
import type { Rule } from './rule';

/** More may come in. */
export const networkIngress: Rule = {
  name: 'network-ingress',
  severities: ['danger', 'caution', 'note'],
  summary: 'A security group lets in more: other addresses or groups, more ports, other protocols.',
  judge(comparison) {
    const found = widened(comparison, 'ingress').flatMap((rule) => {
      const severity = weigh(rule);
      return severity ? [{ rule, severity }] : [];
    });
    return byGroup(found, (severity, rules) => ({
      severity,
      message: `${rules[0]!.group.split(' ').at(-1)} newly lets in ${list(rules.map((rule) => `${ports(rule)} from ${rule.peer}`))}. ${why(severity, rules[0]!)}`,
      advice:
        'Let in one security group on one port (`connections.allowFrom`). What the world is to reach belongs behind CloudFront and its firewall.',
    }));
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
      : 'So many ports reach things nobody meant.';
  return 'Who carries that group or is on that list can reach it.';
}
