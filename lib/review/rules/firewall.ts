import type { ResourceChange } from '../change';
import { differences } from '../differences';
import { show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { gone, items, judgeSettings, more, type Setting, value } from './setting';

const ACL = 'AWS::WAFv2::WebACL';
const advice =
  'Keep the firewall as it is. A rule that stops good requests is narrowed by a scope-down statement or one override, not removed.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.WebACLId',
    worse: gone,
    severity: 'danger',
    what: 'The distribution’s firewall',
    why: 'Attacks and floods reach the server.',
    advice,
  },
  {
    types: [ACL],
    property: 'DefaultAction.Block',
    worse: (now, before) => before !== undefined && now === undefined,
    severity: 'danger',
    what: 'The default action Block',
    why: 'What no rule names gets through.',
    advice,
  },
  {
    types: [ACL],
    property: 'Rules[].Statement.RateBasedStatement.Limit',
    worse: more,
    severity: 'caution',
    what: 'Requests an address may make in five minutes',
    why: 'Guessing of passwords and floods are slowed down less.',
    advice: 'Raise it only as far as real users go, and see which requests it counts.',
  },
];

/** Less is stopped before it reaches the application. */
export const firewall: Rule = {
  name: 'firewall',
  severities: ['danger', 'caution'],
  summary:
    'The web firewall is removed or detached, loses rules, only counts what it blocked, or lets through more.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) => [...removed(change), ...rules(change)]),
    ];
  },
};

function removed(change: ResourceChange): Observation[] {
  const { kind, resourceType } = change;
  if (kind !== 'removed' || ![ACL, 'AWS::WAFv2::WebACLAssociation'].includes(resourceType)) return [];
  return [
    observe(change, {
      severity: 'danger',
      message: `The ${resourceType === ACL ? 'web firewall' : 'firewall’s association'} is removed: attacks and floods reach the server.`,
      advice,
    }),
  ];
}

/** Rules that are gone, or no longer block. */
function rules(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== ACL || !before || !after) return [];
  const now = items(value(after.Properties, 'Rules'));
  return [...items(value(before.Properties, 'Rules'))].flatMap(([name, old]) => {
    const property = `Properties.Rules[${name}]`;
    const rule = now.get(name);
    if (rule === undefined)
      return observe(change, {
        severity: 'caution',
        property,
        message: `The firewall loses its rule ${name}: what it stopped reaches the server.`,
        advice,
      });
    const [was, is] = [countsOnly(old), countsOnly(rule)];
    return is
      .filter((what) => !was.includes(what))
      .map((what) =>
        observe(change, {
          severity: 'caution',
          property,
          message: `${name} (${what}): ${show(actionOf(old))} → ${show(actionOf(rule))}. What it stopped is only counted from then on. ${changed(old, rule)}`,
          advice,
        }),
      );
  });
}

function actionOf(rule: unknown): unknown {
  return value(rule, 'Action') ?? value(rule, 'OverrideAction');
}

/** The parts of a rule that let everything pass: the rule, or single rules of its group. */
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

function changed(old: unknown, rule: unknown): string {
  return differences(old, rule, '')
    .slice(0, 2)
    .map(({ path, before, after }) => `${path}: ${show(before)} → ${show(after)}.`)
    .join(' ');
}
