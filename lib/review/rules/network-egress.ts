import type { Severity } from '../finding';
import { type GroupRule, ports, reach, widened } from '../security-groups';
import { list } from '../show';
import { byGroup } from './network-rules';
import type { Rule } from './rule';

/** More may go out. */
export const networkEgress: Rule = {
  name: 'network-egress',
  severities: ['caution', 'note'],
  summary: 'A security group lets out more: to other addresses or groups, on more ports.',
  judge(comparison) {
    const found = widened(comparison, 'egress').flatMap((rule) => {
      const severity = weigh(rule);
      return severity ? [{ rule, severity }] : [];
    });
    return byGroup(found, (severity, rules) => ({
      severity,
      message: `${rules[0]!.group.split(' ').at(-1)} newly lets out ${list(rules.map((rule) => `${ports(rule)} to ${rule.peer}`))}. ${
        severity === 'caution'
          ? 'Whoever takes over what is in it can carry data out.'
          : 'What is in it can reach that.'
      }`,
      advice:
        'Let out to one group on one port (`connections.allowTo`), or to a prefix list or VPC endpoint.',
    }));
  },
};

function weigh(rule: GroupRule): Severity | undefined {
  const wide = ['everybody', 'the internet'].includes(reach(rule.peer));
  if (reach(rule.peer) === 'nobody') return undefined;
  if (rule.isNew) return wide ? 'note' : undefined;
  return wide || rule.to - rule.from > 1024 ? 'caution' : 'note';
}
