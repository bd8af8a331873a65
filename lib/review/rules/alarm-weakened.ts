import type { ResourceChange } from '../change';
import { plain, show } from '../show';
import { isStricter } from './alarm-measure';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { isOn, more, number, turnedOff } from './setting';

const ALARM = ['AWS::CloudWatch::Alarm'];
const BOTH = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::LogAlarm'];
const fix =
  'Keep the alarm as sensitive as before. If it fires without need, fix the cause, and list the false alarms in the change.';

const later = (property: string, what: string): Setting => ({
  types: ALARM,
  property,
  worse: more,
  severity: 'caution',
  what,
  why: 'The alarm fires later, and misses short failures.',
  fix,
});

const SETTINGS: readonly Setting[] = [
  {
    types: BOTH,
    property: 'ActionsEnabled',
    absent: true,
    worse: turnedOff,
    bad: (now) => now !== undefined && !isOn(now),
    severity: 'danger',
    what: 'Actions of the alarm enabled',
    why: 'The alarm fires, but nobody is notified.',
    fix: 'Keep the actions enabled. To silence the alarm temporarily, use an alarm mute rule with an end.',
  },
  {
    types: BOTH,
    property: 'Tags[severity].Value',
    worse: (now, before) => before === 'page' && now !== 'page',
    severity: 'caution',
    what: 'Severity',
    why: 'The alarm no longer pages anybody. Its ticket waits until somebody reads it.',
    fix: 'Keep `page` for failures that users notice.',
  },
  later('EvaluationPeriods', 'Evaluation periods'),
  later('DatapointsToAlarm', 'Breaching periods that fire the alarm'),
  later('Period', 'Length of a period, in seconds'),
  {
    types: ALARM,
    property: 'TreatMissingData',
    absent: 'missing',
    worse: (now, before) => before === 'breaching' && now !== 'breaching',
    severity: 'caution',
    what: 'Treatment of missing data',
    why: 'If the metric stops reporting, the alarm stays silent.',
    fix: 'Keep `breaching` for a metric that must always report, such as a heartbeat or a canary.',
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
  },
  {
    types: ['AWS::CloudWatch::CompositeAlarm'],
    property: 'ActionsSuppressor',
    worse: (now, before) => before === undefined && now !== undefined,
    severity: 'caution',
    what: 'Suppressor alarm',
    why: 'While the suppressor alarm fires, this alarm notifies nobody.',
    fix,
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'StartCanaryAfterCreation',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Start of the canary',
    why: 'The canary no longer starts by itself, so its alarms receive no data.',
    fix: 'Start the canary automatically.',
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'Schedule.Expression',
    worse: (now, before) => minutes(now) > minutes(before),
    severity: 'caution',
    what: 'Schedule of the canary',
    why: 'The canary detects failures later.',
    fix: 'Keep the former interval.',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(FilterPattern|MetricTransformations\.Metric(Name|Namespace|Value))$/,
    types: /^AWS::Logs::(MetricFilter|SubscriptionFilter)$/,
    worse: (now, before) => before !== undefined && now !== before,
    severity: 'caution',
    why: 'The filter counts or sends other log lines, or uses another metric name. Alarms on the former metric receive no data.',
    fix: 'Update the alarms on this metric in the same change.',
  },
  {
    property:
      /(^|\.)(BudgetLimit\.Amount|Threshold|MetricThreshold|ThresholdExpression|Threshold\.Value|FailureThreshold|Subscribers|AlarmActions|NotificationsWithSubscribers)(\.\w+)*$/,
    types: /^AWS::(Budgets|CE|Route53|RDS::EventSubscription|DevOpsGuru|ApplicationSignals|SNS)/,
    worse: (now, before) => more(now, before) || (before !== undefined && now === undefined),
    severity: 'caution',
    why: 'People are notified later, or not at all.',
    fix,
  },
];

function minutes(expression: unknown): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(expression)) ?? [];
  return Number(value) * (unit === 'hour' ? 60 : 1);
}

/** Finds alarms, canaries and budgets that notify people later or not at all. */
export const alarmWeakened: Rule = {
  name: 'alarm-weakened',
  severities: ['danger', 'caution'],
  summary:
    'An alarm fires later, less often, or without a notification: threshold, periods, missing data, actions, metric.',
  link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType }) => BOTH.includes(resourceType),
  judge({ resources }) {
    return resources.flatMap((change) =>
      BOTH.includes(change.resourceType) && change.before && change.after
        ? [...actions(change), ...threshold(change), ...measure(change)]
        : [],
    );
  },
};

function actions(change: ResourceChange): Observation[] {
  const of = (resource: ResourceChange['before']) =>
    ([resource?.Properties?.['AlarmActions'] ?? []].flat() as unknown[]).map(plain);
  const [was, is] = [of(change.before), of(change.after)];
  if (was.every((action) => is.includes(action))) return [];
  return [
    observe(change, {
      severity: is.length === 0 ? 'danger' : 'caution',
      property: 'Properties.AlarmActions',
      what: `Actions of the alarm: ${show(was)} → ${is.length === 0 ? 'none' : show(is)}.`,
      why:
        is.length === 0
          ? 'The alarm fires, but nobody is notified.'
          : 'Some recipients are no longer notified.',
      fix: 'Keep the actions: a page or a ticket that a person answers.',
    }),
  ];
}

function threshold(change: ResourceChange): Observation[] {
  const { Threshold: was, ComparisonOperator: before } = change.before!.Properties ?? {};
  const { Threshold: is, ComparisonOperator: operator } = change.after!.Properties ?? {};
  const [old, now] = [number(was), number(is)];
  if (old === undefined || now === undefined || before !== operator || old === now) return [];
  const up = String(operator).startsWith('Greater');
  if (up ? now < old : now > old) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'Properties.Threshold',
      what: `Threshold (${operator}): ${old} → ${now}.`,
      why: `The alarm fires only at a ${up ? 'higher' : 'lower'} value: failures between the two thresholds go unnoticed.`,
      fix,
    }),
  ];
}

const MEASURE =
  /^Properties\.(Metrics|MetricName|Namespace|Dimensions|Statistic|ExtendedStatistic|ComparisonOperator|AlarmRule)/;

function measure(change: ResourceChange): Observation[] {
  const operator = change.after!.Properties?.['ComparisonOperator'];
  const changed = change.properties.filter(
    (property) =>
      MEASURE.test(property.path) &&
      !/\.(Label|Color)$/.test(property.path) &&
      plain(property.before) !== plain(property.after) &&
      !isStricter(property, operator),
  );
  const [first] = changed;
  if (!first) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: first.path,
      what: `The alarm measures something else: ${changed
        .slice(0, 2)
        .map(({ before, after }) => `${show(before)} → ${show(after)}`)
        .join('; ')}.`,
      why: 'From the values alone, nobody can tell if the alarm still detects the same failures.',
      fix: 'Describe in the change when the new alarm would have fired during the last incidents.',
    }),
  ];
}
