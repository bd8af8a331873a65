/** What an incident is about, as its first alarm tells it. */
export interface AlarmFacts {
  /** The alarm's name in CloudWatch. */
  readonly alarm: string;
  /** Where the alarm is. */
  readonly region: string;
  /** What users feel, in a sentence. */
  readonly meaning: string;
  /** When it fires, in words. */
  readonly condition?: string;
  /** What to do first, in a sentence. */
  readonly action?: string;
  /** Where to read on, from the repository's root. */
  readonly runbook?: string;
  /** CloudWatch's own words for why it fired. */
  readonly reason: string;
  /** The value that broke the threshold, and the threshold, for an alarm on a metric. */
  readonly value?: number;
  readonly threshold?: number;
}

/** A change of an alarm's state, as CloudWatch sends it to a topic. */
export interface AlarmNotification {
  readonly facts: AlarmFacts;
  readonly arn: string;
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** When it changed, in ISO 8601. */
  readonly at: string;
  /** What one incident gathers. */
  readonly cause: string;
  /** ARNs of the alarms that made a composite one fire. */
  readonly children: readonly string[];
}

/** Alarms that do not say what they belong to share an incident. */
export const DEFAULT_CAUSE = 'application';
/** The incident whose only purpose is to see that pages arrive. */
export const TEST_CAUSE = 'test';
/** A cause is part of names and keys. */
export const CAUSE = /^[a-z][a-z0-9-]{0,29}$/;

/** What the description of an alarm that pages ends with. */
export const CAUSE_LINE = 'Incident: ';

/**
 * Reads what CloudWatch sends to a topic. The alarm's own description carries all that people need to know, so
 * that there is no second place to keep it.
 */
export function parseNotification(body: string): AlarmNotification {
  const message: Record<string, unknown> = JSON.parse(body);
  const alarm = text(message['AlarmName']);
  const arn = text(message['AlarmArn']);
  const region = arn?.split(':')[3];
  const state = message['NewStateValue'];
  if (!alarm || !arn || !region || !isState(state)) throw new Error(`no notification of an alarm: ${body}`);

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
      value: brokenBy(reason),
      threshold: typeof threshold === 'number' ? threshold : undefined,
    },
  };
}

/** The newest value in CloudWatch's words, as in `[12.5 (23/11/26 08:00:00)]`. */
export function brokenBy(reason: string): number | undefined {
  const [, value] = /\[(-?[\d.]+(?:E-?\d+)?) \(/.exec(reason) ?? [];
  return value === undefined ? undefined : Number(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isState(value: unknown): value is AlarmNotification['state'] {
  return value === 'ALARM' || value === 'OK' || value === 'INSUFFICIENT_DATA';
}
