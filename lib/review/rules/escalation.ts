import type { ResourceChange } from '../change';
import { typeName } from '../resource-type';
import { show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule } from './rule';
import { changed as differs, gone, isAsOften, isSomething, more } from './setting';

const fix = 'Keep the way from the alarm to a person whole, and page yourself once after the deployment.';

const STARTERS =
  /^AWS::(Events::\w+|EventsV2::\w+|Scheduler::\w+|Lambda::EventSourceMapping|Pipes::Pipe|SNS::\w+|Serverless::\w+|S3::Bucket|IoT::TopicRule|Chatbot::\w+|SSMContacts::\w+|SSMIncidents::\w+)$/;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /^(State|Enabled)$|(^|\.)Enabled$/,
    types: STARTERS,
    worse: (now, before) =>
      /^(disabled|false|stopped)$/i.test(String(now)) || (gone(now, before) && /^false$/i.test(String(now))),
    severity: 'caution',
    why: 'The work that it started no longer starts, and nobody is told.',
    fix: 'Keep it on; remove it when it is no longer needed.',
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
    why: 'Other events start it than before, or it starts something else, at another time.',
    fix: 'Compare the events of the last days that match before and after.',
    link: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html',
  },
];

/** The parts between an alarm and a person, and between an event and its work; and what is lost with each. */
const PATH: Readonly<Record<string, string>> = {
  'AWS::SNS::Subscription': 'The subscriber is no longer told.',
  'AWS::SNS::Topic': 'Its subscribers are no longer told; those of a new topic have to confirm again.',
  'AWS::Events::Rule': 'The work that it started no longer starts.',
  'AWS::Events::EventBus': 'Events that are sent to it are lost.',
  'AWS::Events::ApiDestination': 'The other side no longer gets the events.',
  'AWS::Events::Endpoint': 'Events that are sent to it are lost.',
  'AWS::Scheduler::Schedule': 'The work that it started no longer starts.',
  'AWS::Scheduler::ScheduleGroup': 'The schedules in it are deleted.',
  'AWS::Lambda::EventSourceMapping': 'Messages stay in their queue or stream.',
  'AWS::Pipes::Pipe': 'Messages stay in their queue or stream.',
  'AWS::KinesisFirehose::DeliveryStream': 'Records that are sent to it are lost.',
  'AWS::IoT::TopicRule': 'Messages of devices are no longer handled.',
  'AWS::Lambda::EventInvokeConfig': 'Failed events are tried and kept as the service likes.',
  'AWS::Chatbot::SlackChannelConfiguration': 'The channel is no longer told.',
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': 'The channel is no longer told.',
  'AWS::SSMContacts::Contact': 'The contact is no longer told.',
  'AWS::SSMContacts::ContactChannel': 'The contact is no longer told.',
  'AWS::SSMContacts::Plan': 'Nobody is told in turn.',
  'AWS::SSMContacts::Rotation': 'Nobody is on call by it.',
  'AWS::SSMIncidents::ResponsePlan': 'No incident is opened.',
};

/** A message reaches fewer people, later; or work no longer starts. */
export const escalation: Rule = {
  name: 'escalation',
  severities: ['danger', 'caution'],
  summary:
    'A topic, subscription, schedule, event rule, pipe or state machine between an event and its work, or between an alarm and a person, is removed, replaced, turned off or changed; an alarm is muted.',
  link: 'https://docs.aws.amazon.com/sns/latest/dg/welcome.html',
  speaksOfResources: true,
  general: GENERAL,
  judges: ({ resourceType }) => resourceType === 'AWS::CloudWatch::AlarmMuteRule',
  judge({ resources }) {
    return resources.flatMap((change) => [...removed(change), ...changed(change), ...muted(change)]);
  },
};

/** Parts of the escalation have such a word in their path; others may belong to anything. */
function isEscalation({ path }: ResourceChange): boolean {
  return /escalation|on-?call|page|pager|alarm|alert|notif/i.test(path.split('/').slice(1).join('/'));
}

function removed(change: ResourceChange): Observation[] {
  const { kind, resourceType, logicalId, properties } = change;
  const lost =
    PATH[resourceType] ??
    (resourceType === 'AWS::StepFunctions::StateMachine' && isEscalation(change)
      ? 'Nothing sees the incident through to its end.'
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
      what: `The way in which people are told changes: ${show(first.before)} → ${show(first.after)}.`,
      why: 'Somebody may be told later, or not at all.',
      fix: ['Read who is told, how often and after how long.', 'Page yourself once after the deployment.'],
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
      why: 'Nobody is told of the failures that they notice then.',
      fix: 'Mute single alarms, for a window that ends by itself.',
    }),
  ];
}
