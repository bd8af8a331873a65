import type { AlarmFacts } from './alarm-notification';
import { type ConsoleLinks, consoleLinks } from './console-links';
import type { NotifySettings } from './settings';

/** Reason for a message: an alarm fires, a person acknowledged, more alarms joined, or the incident is over. */
export type MessageKind = 'page' | 'taken' | 'joined' | 'cleared';

/** Facts that a message contains. */
export interface MessageFacts {
  readonly kind: MessageKind;
  readonly test: boolean;
  readonly incident: string;
  readonly cause: string;
  /** Start of the incident, in ISO 8601. */
  readonly since: string;
  /** Names of the incident's alarms. */
  readonly alarms: readonly string[];
  /**
   * Names of the alarms that joined since somebody acknowledged.
   * @default - none
   */
  readonly news?: readonly string[];
  readonly facts: AlarmFacts;
  readonly acknowledgedBy?: string;
  /** Link or command that acknowledges the incident. */
  readonly acknowledge?: { readonly link: string } | { readonly command: string };
  /** Live release, and the time since when it has been live; undefined if unknown. */
  readonly release?: { readonly id: string; readonly since: string };
  readonly now: Date;
}

/** One message, formatted for each protocol. */
export interface Message {
  /** At most 100 ASCII characters. */
  readonly subject: string;
  /** Plain text. */
  readonly email: string;
  /** One text message of at most 160 characters of the GSM alphabet. A link that does not fit is omitted. */
  readonly sms: string;
  /** Data for programs. */
  readonly json: object;
}

/** SNS puts up to ten characters of the topic's display name and `> ` before a text message. */
const SMS_LENGTH = 160 - 12;
const HEADINGS = { page: 'PAGE', taken: 'TAKEN', joined: 'MORE', cleared: 'OVER' };
/** Maximum length of an e-mail's subject. */
const SUBJECT_LENGTH = 100;

/** Lines of a message. Empty lines are omitted. */
type Paragraph = readonly (string | false | undefined)[];

/** Formats a message for each protocol. */
export function messageOf(message: MessageFacts, settings: NotifySettings): Message {
  const { kind, facts, since } = message;
  const links = consoleLinks(facts, since, settings);
  const heading = `${message.test ? 'TEST ' : ''}${HEADINGS[kind]} ${settings.name}: `;
  const title = heading + namesIn(message, settings.name, SUBJECT_LENGTH - heading.length);
  const paragraphs = {
    page: pageParagraphs(message, links, settings),
    taken: [
      [`${message.acknowledgedBy} has taken this over: ${facts.meaning}`],
      ['You do not need to do anything.'],
    ],
    joined: joinedParagraphs(message, links, settings),
    cleared: clearedParagraphs(message, links),
  }[kind];
  return {
    subject: ascii(title).slice(0, SUBJECT_LENGTH),
    email: `${paragraphs
      .map((lines) => lines.filter(Boolean).join('\n'))
      .filter(Boolean)
      .join('\n\n')}\n`,
    sms: sms(heading, message, settings.name),
    json: payload(message, links, settings),
  };
}

function pageParagraphs(
  { facts, since, now, test, alarms, acknowledge, release }: MessageFacts,
  links: ConsoleLinks,
  { name, rollbackCommand }: NotifySettings,
): Paragraph[] {
  const others = alarms.filter((alarm) => alarm !== facts.alarm).map((alarm) => shortName(alarm, name));
  const { value, threshold } = facts;
  return [
    [
      test && 'This is the weekly test page. Acknowledge it; you do not need to do anything else.',
      facts.meaning,
    ],
    [
      `Since ${minute(since)} (${words(now, since)}).`,
      value !== undefined && threshold !== undefined && `Measured ${round(value)}, threshold ${threshold}.`,
      facts.condition && `Fires when ${facts.condition}.`,
      others.length > 0 && `Also firing or fired: ${others.join(', ')}.`,
    ],
    [
      acknowledge && 'link' in acknowledge && `Acknowledge: ${acknowledge.link}`,
      acknowledge && 'command' in acknowledge && `Acknowledge with:\n  ${acknowledge.command}`,
    ],
    [facts.action && `First: ${facts.action}`],
    [
      `Alarm: ${links.alarm}`,
      links.dashboard && `Dashboard: ${links.dashboard}`,
      links.runbook && `Runbook: ${links.runbook}`,
      links.query && `Errors in the log: ${links.query}`,
    ],
    [
      release && `Live release: ${release.id}, since ${minute(release.since)}.`,
      release && rollbackCommand && `Roll back to the previous release with:\n  ${rollbackCommand}`,
    ],
  ];
}

function joinedParagraphs(
  { facts, news = [], acknowledgedBy }: MessageFacts,
  links: ConsoleLinks,
  { name }: NotifySettings,
): Paragraph[] {
  return [
    [`More alarms are firing: ${news.map((alarm) => shortName(alarm, name)).join(', ')}.`],
    [`They belong to the incident that ${acknowledgedBy} has taken over: ${facts.meaning}`],
    ['They page nobody unless the incident pages again.'],
    [`Alarm: ${links.alarm}`, links.dashboard && `Dashboard: ${links.dashboard}`],
  ];
}

function clearedParagraphs(
  { facts, since, now, acknowledgedBy }: MessageFacts,
  links: ConsoleLinks,
): Paragraph[] {
  return [
    [`The incident is over: ${facts.meaning}`],
    [
      `It began at ${minute(since)} and lasted ${words(now, since)}.`,
      acknowledgedBy ? `${acknowledgedBy} had taken it over.` : 'Nobody acknowledged it.',
    ],
    [`Alarm: ${links.alarm}`, links.dashboard && `Dashboard: ${links.dashboard}`],
  ];
}

function payload(message: MessageFacts, links: ConsoleLinks, settings: NotifySettings): object {
  const { facts, acknowledge, release } = message;
  return {
    kind: message.kind,
    test: message.test,
    environment: settings.name,
    incident: message.incident,
    cause: message.cause,
    meaning: facts.meaning,
    since: message.since,
    alarm: facts.alarm,
    alarms: message.alarms,
    region: facts.region,
    reason: facts.reason,
    value: facts.value,
    threshold: facts.threshold,
    action: facts.action,
    acknowledgedBy: message.acknowledgedBy,
    acknowledge: acknowledge && 'link' in acknowledge ? acknowledge.link : undefined,
    links,
    release: release && { ...release, rollback: settings.rollbackCommand },
  };
}

function sms(heading: string, message: MessageFacts, name: string): string {
  const { kind, since, acknowledge, acknowledgedBy } = message;
  const end = kind === 'taken' ? ` by ${acknowledgedBy}` : ` since ${since.slice(11, 16)}Z`;
  const link = kind === 'page' && acknowledge && 'link' in acknowledge ? ` ${acknowledge.link}` : '';
  const said = heading + namesIn(message, name, SMS_LENGTH - heading.length - end.length - link.length) + end;
  if (link.length >= SMS_LENGTH) return gsm(said).slice(0, SMS_LENGTH);
  return gsm(said).slice(0, SMS_LENGTH - link.length) + link;
}

/** The name of an alarm without the prefix of the escalation and the severity. */
export function shortName(alarm: string, name: string): string {
  const rest = alarm.startsWith(`${name}-`) ? alarm.slice(name.length + 1) : alarm;
  return rest.replace(/^(page|ticket)-/, '');
}

/** The names of an incident's alarms on one line: the new alarms, or the first alarm and the others. */
function namesIn({ kind, facts, alarms, news = [] }: MessageFacts, name: string, length: number): string {
  const others = alarms.filter((alarm) => alarm !== facts.alarm);
  const names = (kind === 'joined' ? news : [facts.alarm, ...others]).map((alarm) => shortName(alarm, name));
  for (let shown = names.length; shown > 1; shown -= 1) {
    const more = names.length > shown ? ` and ${names.length - shown} more` : '';
    const line = names.slice(0, shown).join(', ') + more;
    if (line.length <= length) return line;
  }
  const [first = ''] = names;
  const more = `${first} and ${names.length - 1} more`;
  return names.length > 1 && more.length <= length ? more : first;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function minute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function words(now: Date, since: string): string {
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 60_000));
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return `${Math.round(minutes / 60)} hours`;
}

/** Converts text for the subject of an e-mail: ASCII, no line breaks, no leading space. */
function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** Converts text to GSM's basic alphabet. Other characters would split one text message into three. */
function gsm(text: string): string {
  return ascii(text).replace(/[[\]{}\\^~|`]/g, '');
}
