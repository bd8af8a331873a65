import type { ResourceChange } from '../change';
import { show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { judgeSettings, type Setting } from './setting';

const advice = 'Keep the way from the alarm to a person whole, and page yourself once after the deployment.';

const disabled = (types: readonly string[], property: string, what: string): Setting => ({
  types,
  property,
  absent: 'ENABLED',
  worse: (now, before) => /^(enabled|true)/i.test(String(before)) && /^(disabled|false)$/i.test(String(now)),
  severity: 'caution',
  what,
  why: 'What it started no longer starts, and nothing says so.',
  advice: 'Keep it on; remove it when it is no longer needed.',
});

const SETTINGS: readonly Setting[] = [
  disabled(['AWS::Events::Rule', 'AWS::Scheduler::Schedule'], 'State', 'State'),
  disabled(['AWS::Lambda::EventSourceMapping'], 'Enabled', 'Reading of its queue'),
];

/** What stands between an alarm and a person, by type: what is lost with it. */
const PATH: Readonly<Record<string, string>> = {
  'AWS::SNS::Subscription': 'who subscribed is no longer told',
  'AWS::SNS::Topic': 'whoever it told is no longer told',
  'AWS::Events::Rule': 'what it started no longer starts',
  'AWS::Scheduler::Schedule': 'what it started no longer starts',
  'AWS::Lambda::EventSourceMapping': 'messages stay in their queue',
  'AWS::StepFunctions::StateMachine': 'what it saw through to its end, nothing does any more',
  'AWS::Chatbot::SlackChannelConfiguration': 'the channel is no longer told',
  'AWS::SSMContacts::Contact': 'they are no longer told',
  'AWS::SSMContacts::Plan': 'nobody is told in turn',
  'AWS::SSMIncidents::ResponsePlan': 'no incident is opened',
};

/** Less reaches fewer people, later. */
export const escalation: Rule = {
  name: 'escalation',
  severities: ['danger', 'caution'],
  summary:
    'A topic, subscription, schedule, event rule or state machine between an alarm and a person is removed, turned off or changed; an alarm is muted.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) => [...removed(change), ...changed(change), ...muted(change)]),
    ];
  },
};

/** Parts of the escalation have it in their path; anything else may be another's business. */
function isEscalation({ path }: ResourceChange): boolean {
  return /escalation|on-?call|page|pager|alarm|alert|notif/i.test(path.split('/').slice(1).join('/'));
}

function removed(change: ResourceChange): Observation[] {
  const lost = PATH[change.resourceType];
  if (change.kind !== 'removed' || !lost) return [];
  return [
    observe(change, {
      severity: isEscalation(change) ? 'danger' : 'caution',
      message: `${noun(change)} is removed: ${lost}.`,
      advice,
    }),
  ];
}

function noun({ resourceType, logicalId }: ResourceChange): string {
  return `The ${resourceType.split('::').slice(1).join(' ')} ${logicalId}`;
}

const HOW =
  /^Properties\.(DefinitionString|DefinitionSubstitutions|Definition|Endpoint|Protocol|FilterPolicy|Targets|ScheduleExpression|EventPattern|Environment)/;

function changed(change: ResourceChange): Observation[] {
  const { resourceType, kind, contentOnly } = change;
  const types = [...Object.keys(PATH), 'AWS::Lambda::Function'];
  if (
    !['changed', 'replaced'].includes(kind) ||
    contentOnly ||
    !types.includes(resourceType) ||
    !isEscalation(change)
  )
    return [];
  const [first] = change.properties.filter(({ path, before }) => HOW.test(path) && before !== undefined);
  if (!first) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: first.path,
      message: `How people are told changes: ${show(first.before)} → ${show(first.after)}.`,
      advice: 'Read who is told, how often and after how long; then page yourself once after the deployment.',
    }),
  ];
}

function muted(change: ResourceChange): Observation[] {
  if (change.resourceType !== 'AWS::CloudWatch::AlarmMuteRule' || !change.after) return [];
  const { Rule: rule, MuteTargets: targets } = change.after.Properties ?? {};
  return [
    observe(change, {
      severity: 'caution',
      message: `Alarms are muted: ${show(targets)} at ${show(rule)}. Whatever they notice then, nobody is told.`,
      advice: 'Mute single alarms, for a window that ends by itself.',
    }),
  ];
}
