import type { LeafChange, ResourceChange } from '../change';
import { differences } from '../differences';
import { show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { changed, gone, isSomething, items, more, number, turnedOn, value } from './setting';

const ACL = 'AWS::WAFv2::WebACL';
const fix =
  'Keep the firewall unchanged. If a rule blocks good requests, narrow it with a scope-down statement or one override.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.WebACLId',
    worse: gone,
    severity: 'danger',
    what: 'Firewall of the distribution',
    why: 'Attacks and floods reach the server.',
    fix,
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    property: 'LoadBalancerAttributes[waf.fail_open.enabled].Value',
    worse: turnedOn,
    severity: 'caution',
    what: 'Fail open: requests pass while AWS WAF does not answer',
    why: 'If a flood makes AWS WAF unavailable, all requests pass.',
    fix,
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
  },
  {
    types: [ACL, 'AWS::WAFv2::RuleGroup'],
    property: 'DefaultAction.Block',
    worse: (now, before) => before !== undefined && now === undefined,
    severity: 'danger',
    what: 'Default action Block',
    why: 'Requests that match no rule pass.',
    fix,
  },
  {
    types: [ACL, 'AWS::WAFv2::RuleGroup'],
    property: 'Rules[].Statement.RateBasedStatement.Limit',
    worse: more,
    severity: 'caution',
    what: 'Rate limit per IP address',
    why: 'Password guessing and floods are limited less.',
    fix: 'Raise the limit only as far as real users need, and check which requests it counts.',
    link: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(WebA[Cc][Ll]\w*|WafAclArn|FirewallPolicyArn|\w*FirewallStatus)$/,
    worse: (now, before) => gone(now, before),
    severity: 'danger',
    why: 'Attacks and floods are no longer blocked.',
    fix,
  },
  {
    property: /^(?!Name$|Description$|Tags|Capacity$)/,
    types:
      /^AWS::(NetworkFirewall::(?!LoggingConfiguration)|Route53Resolver::Firewall|WAFRegional::|WAF::|WAFv2::(IPSet|RegexPatternSet))/,
    worse: (now, before, leaf) =>
      gone(now, before) || changed(now, before) || (isSomething(now) && !isNewBlock(leaf)),
    severity: 'caution',
    why: 'The firewall may let other packets or requests pass.',
    fix,
  },
  {
    property:
      /(^|\.)((Throttle|Throttling|Default)?(RateLimit|BurstLimit)|ThrottlingRateLimit|ThrottlingBurstLimit|Quota\.Limit)$/,
    // A limit may double as the number of users grows.
    worse: (now, before) => more(number(now)! / 2, before) || gone(now, before),
    severity: 'caution',
    why: 'One caller may use a larger share of the capacity, or all of it.',
    fix: 'Raise the limit only as far as real users need.',
    link: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html',
  },
];

/** Returns true for part of a new DNS firewall rule that blocks, because a new block lets nothing more pass. */
function isNewBlock({ path, before, after, isItem }: LeafChange): boolean {
  const isRule = isItem && before === undefined && /\.FirewallRules\[[^\]]*\]\./.test(path);
  return isRule && !/^(ALLOW|ALERT)$/.test(String(after));
}

/** Finds firewalls that block fewer requests. */
export const firewall: Rule = {
  name: 'firewall',
  severities: ['danger', 'caution'],
  summary:
    'A firewall is removed or detached, loses rules, only counts requests that it blocked, or lets more requests pass; a rate limit is raised.',
  link: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rules.html',
  coversResources: true,
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType }, { path }) =>
    /^AWS::WAFv2::(WebACL|RuleGroup)$/.test(resourceType) && /^Properties\.(Rules|DefaultAction)/.test(path),
  judge: ({ resources }) => resources.flatMap((change) => [...removed(change), ...rules(change)]),
};

const FIREWALLS =
  /^AWS::(WAFv2::(WebACL|WebACLAssociation|RuleGroup|IPSet)|WAF(Regional)?::\w+|NetworkFirewall::(Firewall|FirewallPolicy|RuleGroup)|Shield::\w+|FMS::Policy|Route53Resolver::Firewall\w+|GuardDuty::MalwareProtectionPlan)$/;

function removed(change: ResourceChange): Observation[] {
  const { kind, resourceType } = change;
  if (!['removed', 'replaced'].includes(kind) || !FIREWALLS.test(resourceType)) return [];
  const isReplaced = kind === 'replaced';
  return [
    observe(change, {
      severity: isReplaced ? 'caution' : 'danger',
      what: `The ${resourceType.split('::').slice(1).join(' ')} is ${isReplaced ? 'replaced by a new one' : 'removed'}.`,
      why: isReplaced
        ? 'Nothing is blocked until the new one is associated with every resource.'
        : 'Attacks and floods that it blocked reach the server.',
      fix,
    }),
  ];
}

/** Finds rules that are removed or no longer block, and new rules that allow requests. */
function rules(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (!/^AWS::WAFv2::(WebACL|RuleGroup)$/.test(resourceType) || !before || !after) return [];
  const now = items(value(after.Properties, 'Rules'));
  const old = items(value(before.Properties, 'Rules'));
  const passes = [...now].filter(
    ([name, rule]) => !old.has(name) && value(rule, 'Action.Allow') !== undefined,
  );
  return [
    ...passes.map(([name]) =>
      observe(change, {
        severity: 'caution',
        property: `Properties.Rules[${name}]`,
        what: `The new rule ${name} allows matching requests.`,
        why: 'Later rules do not inspect these requests.',
        fix: 'Narrow the statement of the rule, and give it the last priority that works.',
      }),
    ),
    ...lostRules(change, old, now),
  ];
}

function lostRules(
  change: ResourceChange,
  rules: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
): Observation[] {
  return [...rules].flatMap(([name, old]) => {
    const property = `Properties.Rules[${name}]`;
    const rule = now.get(name);
    if (rule === undefined)
      return observe(change, {
        severity: 'caution',
        property,
        what: `The rule ${name} is removed.`,
        why: 'Requests that it blocked reach the server.',
        fix,
      });
    const was = countsOnly(old);
    const weaker = countsOnly(rule)
      .filter((what) => !was.includes(what))
      .map((what) =>
        observe(change, {
          severity: 'caution',
          property,
          what: `${name} (${what}): ${show(actionOf(old))} → ${show(actionOf(rule))}. ${changes(old, rule)}`.trim(),
          why: 'Requests that it blocked are only counted.',
          fix,
        }),
      );
    return weaker.length > 0 ? weaker : statement(change, name, old, rule);
  });
}

/**
 * Reports a rule with a changed statement. Only a person can tell if the new statement matches more or fewer requests.
 */
function statement(change: ResourceChange, name: string, old: unknown, rule: unknown): Observation[] {
  const [was, is] = [old, rule].map((one) => value(one, 'Statement'));
  const found = differences(was, is, 'Statement').filter(({ path }) => !path.endsWith('Limit'));
  if (found.length === 0) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: `Properties.Rules[${name}].Statement`,
      what: `The rule ${name} matches other requests than before. ${changes(was, is)}`,
      why: 'Requests that it blocked may pass, and good requests may be blocked.',
      fix: 'First add the changed rule in count mode beside the former one, and compare their matches.',
    }),
  ];
}

function actionOf(rule: unknown): unknown {
  return value(rule, 'Action') ?? value(rule, 'OverrideAction');
}

/** Returns the parts of a rule that count or allow requests: the whole rule, or single rules of its rule group. */
function countsOnly(rule: unknown): string[] {
  const action = actionOf(rule);
  const whole = ['Count', 'Allow'].some((kind) => value(action, kind) !== undefined)
    ? ['the whole rule']
    : [];
  const overridden = [...items(value(rule, 'Statement.ManagedRuleGroupStatement.RuleActionOverrides'))]
    .filter(([, override]) =>
      ['Count', 'Allow'].some((kind) => value(override, `ActionToUse.${kind}`) !== undefined),
    )
    .map(([name]) => name);
  const excluded = [...items(value(rule, 'Statement.ManagedRuleGroupStatement.ExcludedRules')).keys()];
  return [...whole, ...overridden, ...excluded];
}

function changes(old: unknown, rule: unknown): string {
  return differences(old, rule, '')
    .slice(0, 2)
    .map(({ path, before, after }) => `${path}: ${show(before)} → ${show(after)}.`)
    .join(' ');
}
