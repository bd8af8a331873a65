import type { ResourceChange } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { isOn, judgeSettings, more, number, type Setting, turnedOff } from './setting';

const ALARM = ['AWS::CloudWatch::Alarm'];
const BOTH = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
const advice =
  'Keep it as sharp as it was. If it fires for nothing, change what is wrong, and say in the change what was seen.';

const later = (property: string, what: string): Setting => ({
  types: ALARM,
  property,
  worse: more,
  severity: 'caution',
  what,
  why: 'It fires later, or not at all for what is short.',
  advice,
});

const SETTINGS: readonly Setting[] = [
  {
    types: BOTH,
    property: 'ActionsEnabled',
    absent: true,
    worse: turnedOff,
    bad: (now) => !isOn(now),
    severity: 'danger',
    what: 'Actions of the alarm',
    why: 'It fires and nobody is told.',
    advice: 'Keep them on; silence it for a while with an alarm mute rule that ends by itself.',
  },
  {
    types: BOTH,
    property: 'Tags[severity].Value',
    worse: (now, before) => before === 'page' && now !== 'page',
    severity: 'caution',
    what: 'Severity',
    why: 'Nobody is called for it; it waits until somebody looks at the tickets.',
    advice: 'Keep page for what users notice.',
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
    what: 'What missing data means',
    why: 'When what it watches stops altogether, it stays silent.',
    advice: 'Keep breaching for what must always report, such as a heartbeat or a canary.',
  },
  {
    types: ['AWS::CloudWatch::CompositeAlarm'],
    property: 'ActionsSuppressor',
    worse: (now, before) => before === undefined && now !== undefined,
    severity: 'caution',
    what: 'What silences it',
    why: 'While that alarm fires, nobody is told of this one.',
    advice,
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'StartCanaryAfterCreation',
    absent: true,
    worse: turnedOff,
    severity: 'caution',
    what: 'Start of the canary',
    why: 'It no longer runs by itself: its alarms have no data.',
    advice: 'Keep it running.',
  },
  {
    types: ['AWS::Synthetics::Canary'],
    property: 'Schedule.Expression',
    worse: (now, before) => minutes(now) > minutes(before),
    severity: 'caution',
    what: 'How often the canary looks',
    why: 'What breaks is noticed later.',
    advice: 'Keep it as often as it was.',
  },
];

function minutes(expression: unknown): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(expression)) ?? [];
  return Number(value) * (unit === 'hour' ? 60 : 1);
}

/** It takes more until somebody is told. */
export const alarmWeakened: Rule = {
  name: 'alarm-weakened',
  severities: ['danger', 'caution'],
  summary:
    'An alarm fires later, for less, or without telling anybody: threshold, periods, missing data, actions, what it measures.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap((change) =>
        BOTH.includes(change.resourceType) && change.before && change.after
          ? [...actions(change), ...threshold(change), ...measure(change)]
          : [],
      ),
    ];
  },
};

function actions(change: ResourceChange): Observation[] {
  const of = (resource: ResourceChange['before']) =>
    ([resource?.Properties?.['AlarmActions'] ?? []].flat() as unknown[]).map(plain);
  const [was, is] = [of(change.before), of(change.after)];
  if (is.length >= was.length) return [];
  return [
    observe(change, {
      severity: is.length === 0 ? 'danger' : 'caution',
      property: 'Properties.AlarmActions',
      message: `What it starts when it fires: ${show(was)} → ${is.length === 0 ? 'nothing' : show(is)}. ${is.length === 0 ? 'It fires and nobody is told.' : 'Somebody is no longer told.'}`,
      advice: 'Keep its actions: a page or a ticket, with who answers it.',
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
      message: `Threshold (${operator}): ${old} → ${now}. It takes ${up ? 'more' : 'less'} until it fires: what it noticed before passes unnoticed.`,
      advice,
    }),
  ];
}

const MEASURE =
  /^Properties\.(Metrics|MetricName|Namespace|Dimensions|Statistic|ExtendedStatistic|ComparisonOperator|AlarmRule)/;

function measure(change: ResourceChange): Observation[] {
  const changed = change.properties.filter(
    ({ path, before, after }) => MEASURE.test(path) && !isCosmetic(path) && plain(before) !== plain(after),
  );
  const [first] = changed;
  if (!first) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: first.path,
      message: `What it measures: ${changed
        .slice(0, 2)
        .map(({ before, after }) => `${show(before)} → ${show(after)}`)
        .join('; ')}. Whether it still fires for what it was made for, the numbers do not tell.`,
      advice: 'Say in the change what it would have done in the last incidents.',
    }),
  ];
}

function isCosmetic(path: string): boolean {
  return /\.(Label|Color)$/.test(path);
}
