import type { ResourceChange } from '../change';
import { plain, show } from '../show';
import { isStricter } from './alarm-measure';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { isOn, more, number, turnedOff } from './setting';

const ALARM = ['AWS::CloudWatch::Alarm'];
const BOTH = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::LogAlarm'];
const fix =
  'Keep it as sharp as it was. If it fires without need, mend the cause, and say in the change when it fired.';

const later = (property: string, what: string): Setting => ({
  types: ALARM,
  property,
  worse: more,
  severity: 'caution',
  what,
  why: 'The alarm fires later, or not at all for a short failure.',
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
    what: 'Actions of the alarm',
    why: 'The alarm fires and nobody is told.',
    fix: 'Keep them on. To silence it for a while, use an alarm mute rule that ends by itself.',
  },
  {
    types: BOTH,
    property: 'Tags[severity].Value',
    worse: (now, before) => before === 'page' && now !== 'page',
    severity: 'caution',
    what: 'Severity',
    why: 'Nobody is called for it; it waits until somebody looks at the tickets.',
    fix: 'Keep page for failures that users notice.',
  },
  later('EvaluationPeriods', 'Periods it looks at'),
  later('DatapointsToAlarm', 'Periods that must be bad'),
  later('Period', 'Seconds of a period'),
  {
    types: ALARM,
    property: 'TreatMissingData',
    absent: 'missing',
    worse: (now, before) => before === 'breaching' && now !== 'breaching',
    severity: 'caution',
    what: 'Treatment of missing data',
    why: 'If the source of its data stops altogether, the alarm stays silent.',
    fix: 'Keep breaching for a metric that must always report, such as a heartbeat or a canary.',
    link: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
  },
  {
    types: ['AWS::CloudWatch::CompositeAlarm'],
    property: 'ActionsSuppressor',
    worse: (now, before) => before === undefined && now !== undefined,
    severity: 'caution',
    what: 'The alarm that silences it',
    why: 'While that alarm fires, nobody is told of this one.',
    fix,
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'StartCanaryAfterCreation',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Start of the canary',
    why: 'The canary no longer runs by itself: its alarms have no data.',
    fix: 'Keep it running.',
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'Schedule.Expression',
    worse: (now, before) => minutes(now) > minutes(before),
    severity: 'caution',
    what: 'Schedule of the canary',
    why: 'Failures are noticed later.',
    fix: 'Keep it as often as it was.',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(FilterPattern|MetricTransformations\.Metric(Name|Namespace|Value))$/,
    types: /^AWS::Logs::(MetricFilter|SubscriptionFilter)$/,
    worse: (now, before) => before !== undefined && now !== before,
    severity: 'caution',
    why: 'Other lines are counted or sent, or under another name: alarms on the former ones fall silent.',
    fix: 'Change the alarms that look at it together with it.',
  },
  {
    property:
      /(^|\.)(BudgetLimit\.Amount|Threshold|MetricThreshold|ThresholdExpression|Threshold\.Value|FailureThreshold|Subscribers|AlarmActions|NotificationsWithSubscribers)(\.\w+)*$/,
    types: /^AWS::(Budgets|CE|Route53|RDS::EventSubscription|DevOpsGuru|ApplicationSignals|SNS)/,
    worse: (now, before) => more(now, before) || (before !== undefined && now === undefined),
    severity: 'caution',
    why: 'People are told later, or no longer.',
    fix,
  },
];

function minutes(expression: unknown): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(expression)) ?? [];
  return Number(value) * (unit === 'hour' ? 60 : 1);
}

/** People are told later, or no longer. */
export const alarmWeakened: Rule = {
  name: 'alarm-weakened',
  severities: ['danger', 'caution'],
  summary:
    'An alarm fires later, for less, or without telling anybody: threshold, periods, missing data, actions, metric.',
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
      why: is.length === 0 ? 'The alarm fires and nobody is told.' : 'Somebody is no longer told.',
      fix: 'Keep its actions: a page or a ticket, with a person who answers it.',
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
      why: `It takes ${up ? 'more' : 'less'} until the alarm fires: failures that it noticed before pass unnoticed.`,
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
      why: 'The numbers do not tell whether it still fires for the failures it was made for.',
      fix: 'Say in the change when it would have fired in the last incidents.',
    }),
  ];
}
