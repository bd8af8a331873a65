import type { ResourceChange } from '../change';
import { typeName } from '../resource-type';
import { show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule } from './rule';
import { changed as differs, gone, isAsOften, isSomething, more } from './setting';

const fix = 'Keep every step from the alarm to a person, and page yourself once after the deployment.';

const STARTERS =
  /^AWS::(Events::\w+|EventsV2::\w+|Scheduler::\w+|Lambda::EventSourceMapping|Pipes::Pipe|SNS::\w+|Serverless::\w+|S3::Bucket|IoT::TopicRule|Chatbot::\w+|SSMContacts::\w+|SSMIncidents::\w+)$/;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /^(State|Enabled)$|(^|\.)Enabled$/,
    types: STARTERS,
    worse: (now, before) =>
      /^(disabled|false|stopped)$/i.test(String(now)) || (gone(now, before) && /^false$/i.test(String(now))),
    severity: 'caution',
    why: 'The target is no longer started, and nobody is notified.',
    fix: 'Keep it enabled, or remove it when it is no longer needed.',
  },
  {
    property:
      /^(EventPattern|FilterPolicy\w*|FilterCriteria|Targets?|NotificationConfiguration|ScheduleExpression\w*|Endpoint|Protocol|EventSourceArn|Source|EnrichmentParameters|RawMessageDelivery|TopicRulePayload|EventBusName)(\.|$)/,
    types: STARTERS,
    worse: (now, before, { path }) =>
      gone(now, before) ||
      (differs(now, before) &&
        !(path.endsWith('Attempts') && more(now, before)) &&
        !isAsOften(now, before)) ||
      (/\.Filter(Policy|Criteria)/.test(path) && isSomething(now)),
    severity: 'caution',
    why: 'Other events start the target, or another target or schedule is used.',
    fix: 'Compare which recent events match before and after the change.',
    link: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html',
  },
];

/** Resources between an alarm and a person, or between an event and its target, with the consequence of losing each. */
const PATH: Readonly<Record<string, string>> = {
  'AWS::SNS::Subscription': 'The subscriber is no longer notified.',
  'AWS::SNS::Topic':
    'Its subscribers are no longer notified. E-mail subscribers of a new topic have to confirm again.',
  'AWS::Events::Rule': 'The targets of the rule are no longer started.',
  'AWS::Events::EventBus': 'Events sent to the event bus are lost.',
  'AWS::Events::ApiDestination': 'The destination no longer receives the events.',
  'AWS::Events::Endpoint': 'Events sent to the endpoint are lost.',
  'AWS::Scheduler::Schedule': 'The target of the schedule is no longer started.',
  'AWS::Scheduler::ScheduleGroup': 'The schedules of the group are deleted.',
  'AWS::Lambda::EventSourceMapping': 'Messages stay in their queue or stream.',
  'AWS::Pipes::Pipe': 'Messages stay in their queue or stream.',
  'AWS::KinesisFirehose::DeliveryStream': 'Records sent to the stream are lost.',
  'AWS::IoT::TopicRule': 'Messages from devices are no longer processed.',
  'AWS::Lambda::EventInvokeConfig':
    'Retries and destinations of failed events return to the defaults of Lambda.',
  'AWS::Chatbot::SlackChannelConfiguration': 'The channel is no longer notified.',
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': 'The channel is no longer notified.',
  'AWS::SSMContacts::Contact': 'The contact is no longer notified.',
  'AWS::SSMContacts::ContactChannel': 'The contact is no longer notified.',
  'AWS::SSMContacts::Plan': 'The contacts of the escalation plan are no longer notified.',
  'AWS::SSMContacts::Rotation': 'Nobody is on call through this rotation.',
  'AWS::SSMIncidents::ResponsePlan': 'No incident is created.',
};

/** Finds changes that notify fewer people or notify them later, and targets that no longer start. */
export const escalation: Rule = {
  name: 'escalation',
  severities: ['danger', 'caution'],
  summary:
    'A topic, subscription, schedule, event rule, pipe or state machine between an event and its target, or between an alarm and a person, is removed, replaced, disabled or changed; an alarm is muted.',
  link: 'https://docs.aws.amazon.com/sns/latest/dg/welcome.html',
  coversResources: true,
  general: GENERAL,
  judges: ({ resourceType }) => resourceType === 'AWS::CloudWatch::AlarmMuteRule',
  judge({ resources }) {
    return resources.flatMap((change) => [...removed(change), ...changed(change), ...muted(change)]);
  },
};

/** Returns true if the construct path names an escalation. Other resources of these types have unrelated purposes. */
function isEscalation({ path }: ResourceChange): boolean {
  return /escalation|on-?call|page|pager|alarm|alert|notif/i.test(path.split('/').slice(1).join('/'));
}

function removed(change: ResourceChange): Observation[] {
  const { kind, resourceType, logicalId, properties } = change;
  const lost =
    PATH[resourceType] ??
    (resourceType === 'AWS::StepFunctions::StateMachine' && isEscalation(change)
      ? 'Nobody follows up the incident until it is resolved.'
      : undefined);
  if (!lost || !['removed', 'replaced'].includes(kind)) return [];
  const [cause] = properties;
  const verb = kind === 'removed' ? 'is removed' : 'is replaced by a new one';
  return [
    observe(change, {
      severity: isEscalation(change) && kind === 'removed' ? 'danger' : 'caution',
      property: kind === 'removed' ? undefined : cause?.path,
      what: `The ${typeName(resourceType)} ${logicalId} ${verb}.`,
      why: lost,
      fix,
    }),
  ];
}

const HOW = /^Properties\.(DefinitionString|DefinitionSubstitutions|Definition|Environment)/;

function changed(change: ResourceChange): Observation[] {
  const { resourceType, kind, contentOnly } = change;
  const isPart = ['AWS::StepFunctions::StateMachine', 'AWS::Lambda::Function'].includes(resourceType);
  if (!['changed', 'replaced'].includes(kind) || contentOnly || !isPart || !isEscalation(change)) return [];
  const [first] = change.properties.filter(({ path, before }) => HOW.test(path) && before !== undefined);
  if (!first) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: first.path,
      what: `The escalation changes: ${show(first.before)} → ${show(first.after)}.`,
      why: 'Some people may be notified later, or not at all.',
      fix: [
        'Check who is notified, how often and after how long.',
        'Page yourself once after the deployment.',
      ],
    }),
  ];
}

function muted(change: ResourceChange): Observation[] {
  if (change.resourceType !== 'AWS::CloudWatch::AlarmMuteRule' || !change.after) return [];
  const { Rule: rule, MuteTargets: targets } = change.after.Properties ?? {};
  return [
    observe(change, {
      severity: 'caution',
      what: `Alarms are muted: ${show(targets)} at ${show(rule)}.`,
      why: 'Nobody is notified of the failures that these alarms detect meanwhile.',
      fix: 'Mute single alarms, for a window with an end.',
    }),
  ];
}
