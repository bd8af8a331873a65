import { contains, range } from './address-ranges';
import type { Comparison } from './change';
import { isObject } from './differences';
import type { Plan } from './plan';
import type { Subject } from './rules/rule';
import { number } from './rules/setting';
import { plain } from './show';

export type Direction = 'ingress' | 'egress';

/** One rule of a security group. */
export interface GroupRule {
  readonly direction: Direction;
  /** Identity of the group, the same before and after. */
  readonly group: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A CIDR, a prefix list or another group. */
  readonly peer: string;
  /** True if the plan creates the group. */
  readonly isNew: boolean;
  /** True if a narrower rule replaces this one. */
  readonly isNarrowed?: boolean;
  readonly source: Subject;
}

const PEERS = {
  ingress: ['CidrIp', 'CidrIpv6', 'SourcePrefixListId', 'SourceSecurityGroupId', 'SourceSecurityGroupName'],
  egress: ['CidrIp', 'CidrIpv6', 'DestinationPrefixListId', 'DestinationSecurityGroupId'],
};

const LISTS = { ingress: 'SecurityGroupIngress', egress: 'SecurityGroupEgress' } as const;

/** Returns the rules that newly allow traffic, however the rules are written. */
export function widened(comparison: Comparison, direction: Direction): GroupRule[] {
  const { before, after } = rulesOfBoth(comparison, direction);
  return [...after.values()].flat().flatMap((rule) => {
    const known = before.get(rule.group);
    return known?.some((old) => lets(old, rule)) ? [] : [{ ...rule, isNew: known === undefined }];
  });
}

/** Returns the rules of remaining security groups that no longer allow traffic. */
export function narrowed(comparison: Comparison, direction: Direction): GroupRule[] {
  const { before, after } = rulesOfBoth(comparison, direction);
  const inPlan = new Set(
    comparison.base.stacks.flatMap(({ name, template }) =>
      Object.entries(template.Resources ?? {}).flatMap(([id, { Type }]) =>
        Type === 'AWS::EC2::SecurityGroup' ? [`${name} ${id}`] : [],
      ),
    ),
  );
  return [...before.values()].flat().flatMap((rule) => {
    // A security group of another template always remains.
    const now = after.get(rule.group) ?? (inPlan.has(rule.group) ? undefined : []);
    if (now === undefined || now.some((other) => lets(other, rule))) return [];
    return [{ ...rule, isNarrowed: now.some((other) => lets(rule, other)) }];
  });
}

function rulesOfBoth({ base, head, resources }: Comparison, direction: Direction) {
  const names = new Map(
    resources.flatMap(({ former, logicalId, resourceType }) =>
      former && resourceType === 'AWS::EC2::SecurityGroup' ? [[former.logicalId, logicalId] as const] : [],
    ),
  );
  return { before: rulesOf(base, direction, names), after: rulesOf(head, direction, new Map()) };
}

function rulesOf(
  plan: Plan,
  direction: Direction,
  names: ReadonlyMap<string, string>,
): Map<string, GroupRule[]> {
  const groups = new Map<string, GroupRule[]>();
  for (const stack of plan.stacks) {
    const key = (reference: unknown) => `${stack.name} ${groupName(reference, names)}`;
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(stack.template.Resources ?? {})) {
      const path = stack.constructPaths[logicalId] ?? `${stack.name}/${logicalId}`;
      const source = { stack: stack.name, logicalId, resourceType: Type, path };
      const add = (reference: unknown, rules: readonly unknown[]) => {
        const group = key(reference);
        const found = rules
          .filter(isObject)
          .flatMap((rule) => ruleOf(rule, { direction, group, source }, names));
        groups.set(group, [...(groups.get(group) ?? []), ...found]);
      };
      if (Type === 'AWS::EC2::SecurityGroup')
        add({ Ref: logicalId }, inlineRules(Properties[LISTS[direction]], direction));
      else if (Type === `AWS::EC2::${LISTS[direction]}`) add(Properties['GroupId'], [Properties]);
    }
  }
  return groups;
}

/** Returns the inline rules. A group without egress rules allows all outbound traffic, which is the EC2 default. */
function inlineRules(given: unknown, direction: Direction): readonly unknown[] {
  const rules = Array.isArray(given) ? given : [];
  return direction === 'egress' && rules.length === 0 ? [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }] : rules;
}

function ruleOf(
  rule: Readonly<Record<string, unknown>>,
  common: Pick<GroupRule, 'direction' | 'group' | 'source'>,
  names: ReadonlyMap<string, string>,
): GroupRule[] {
  const protocol = plain(rule['IpProtocol'] ?? '-1');
  const all = protocol === '-1' || protocol === 'all';
  const ports = all
    ? { from: 0, to: 65535 }
    : { from: number(rule['FromPort']) ?? 0, to: number(rule['ToPort']) ?? 65535 };
  return PEERS[common.direction]
    .map((name) => rule[name])
    .filter((peer) => peer !== undefined)
    .map((peer) => ({
      ...common,
      protocol: all ? '-1' : protocol,
      ...ports,
      peer: plain(peer).replace(/\$\{(\w+)/, (whole, id) => (names.has(id) ? `\${${names.get(id)}` : whole)),
      isNew: false,
    }));
}

function groupName(reference: unknown, names: ReadonlyMap<string, string>): string {
  const { Ref, 'Fn::GetAtt': attribute } = (reference ?? {}) as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  const id = Ref ?? attribute?.[0];
  return id === undefined ? plain(reference) : (names.get(id) ?? id);
}

/** Returns true if one rule allows everything that another one allows. */
function lets(broad: GroupRule, narrow: GroupRule): boolean {
  const protocol = broad.protocol === '-1' || broad.protocol === narrow.protocol;
  const ports = isIcmp(narrow)
    ? broad.protocol === '-1' || (broad.from === narrow.from && broad.to === narrow.to)
    : broad.from <= narrow.from && broad.to >= narrow.to;
  return protocol && ports && (broad.peer === narrow.peer || contains(broad.peer, narrow.peer));
}

function isIcmp({ protocol }: GroupRule): boolean {
  return protocol.startsWith('icmp');
}

/** Returns how far a range of addresses reaches. */
export function reach(
  peer: string,
): 'everybody' | 'the internet' | 'private addresses' | 'nobody' | 'a group or list' {
  if (peer === '0.0.0.0/0' || peer === '::/0') return 'everybody';
  if (peer === '255.255.255.255/32') return 'nobody';
  const found = range(peer);
  if (!found) return /^[0-9a-f:]+\/\d+$/i.test(peer) ? 'the internet' : 'a group or list';
  const isPrivate = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some((own) =>
    contains(own, peer),
  );
  if (isPrivate) return 'private addresses';
  return found.bits === 0 ? 'everybody' : 'the internet';
}

/** Returns the ports, such as `tcp 5432`, `tcp 1-65535` or `everything`. */
export function ports({ protocol, from, to }: GroupRule): string {
  if (protocol === '-1') return 'everything';
  return from === to ? `${protocol} ${from}` : `${protocol} ${from}-${to}`;
}
