/** Facts about an incident, from its first alarm. */
export interface AlarmFacts {
  /** The alarm's name in CloudWatch. */
  readonly alarm: string;
  /** Region of the alarm. */
  readonly region: string;
  /** Effect on users, in one sentence. */
  readonly meaning: string;
  /** Condition of the alarm, in words. */
  readonly condition?: string;
  /** First step, in one sentence. */
  readonly action?: string;
  /** Path of the runbook relative to the root of the repository, or a URL. */
  readonly runbook?: string;
  /** Reason that CloudWatch gives for the state change. */
  readonly reason: string;
  /** Value that broke the threshold, for an alarm on a metric. */
  readonly value?: number;
  readonly threshold?: number;
}

/** A change of an alarm's state, as CloudWatch sends it to a topic. */
export interface AlarmNotification {
  readonly facts: AlarmFacts;
  readonly arn: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** Time of the change, in ISO 8601. */
  readonly at: string;
  /** Cause that the alarm belongs to. */
  readonly cause: string;
  /** ARNs of the alarms that made a composite one fire. */
  readonly children: readonly string[];
}

/** Cause of alarms whose description names no cause. */
export const DEFAULT_CAUSE = 'application';
/** Cause of test pages. */
export const TEST_CAUSE = 'test';
/** Pattern of a cause, which is part of names and keys. */
export const CAUSE = /^[a-z][a-z0-9-]{0,29}$/;

/** Prefix of the line that holds the cause in an alarm's description. */
export const CAUSE_LINE = 'Incident: ';

/** Parses the message that CloudWatch publishes to a topic. All facts come from the alarm's description. */
export function parseNotification(body: string): AlarmNotification {
  const message: Record<string, unknown> = JSON.parse(body);
  const alarm = text(message['AlarmName']);
  const arn = text(message['AlarmArn']);
  const region = arn?.split(':')[3];
  const state = message['NewStateValue'];
  if (!alarm || !arn || !region || !isState(state))
    throw new Error(`the message is not an alarm notification: ${body}`);

  const lines = (text(message['AlarmDescription']) ?? '').split('\n');
  const after = (start: string) =>
    lines.find((line) => line.startsWith(start))?.slice(start.length) || undefined;
  const cause = after(CAUSE_LINE);
  const reason = text(message['NewStateReason']) ?? '';
  const threshold = (message['Trigger'] as { Threshold?: unknown } | undefined)?.Threshold;
  const children = (message['TriggeringChildren'] ?? []) as readonly { Arn?: string }[];
  return {
    arn,
    state,
    at: new Date(text(message['StateChangeTime']) ?? Number.NaN).toISOString(),
    cause: cause && CAUSE.test(cause) ? cause : DEFAULT_CAUSE,
    children: children.flatMap(({ Arn }) => Arn ?? []),
    facts: {
      alarm,
      region,
      meaning: lines[0] || alarm,
      condition: after('Fires when ')?.replace(/; no data: .*$/, ''),
      action: after('First: '),
      runbook: /Runbook: (\S+)/.exec(lines.join('\n'))?.[1],
      reason,
      value: newestValue(reason),
      threshold: typeof threshold === 'number' ? threshold : undefined,
    },
  };
}

/** The newest value in CloudWatch's reason, such as 12.5 in `[12.5 (23/11/26 08:00:00)]`. */
export function newestValue(reason: string): number | undefined {
  const [, value] = /\[(-?[\d.]+(?:E-?\d+)?) \(/.exec(reason) ?? [];
  return value === undefined ? undefined : Number(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isState(value: unknown): value is AlarmNotification['state'] {
  return value === 'ALARM' || value === 'OK' || value === 'INSUFFICIENT_DATA';
}
