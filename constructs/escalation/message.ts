import type { AlarmFacts } from './alarm-notification';
import { type ConsoleLinks, consoleLinks } from './console-links';
import type { NotifySettings } from './settings';

/** Occasion of a message: an alarm fires, a person has acknowledged, alarms have joined since, or the incident is over. */
export type MessageKind = 'page' | 'taken' | 'joined' | 'cleared';

/** Facts that a message tells. */
export interface MessageFacts {
  readonly kind: MessageKind;
  readonly test: boolean;
  readonly incident: string;
  readonly cause: string;
  /** Beginning of the incident, in ISO 8601. */
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
  /** Release that users have, and since when; undefined if it is not known. */
  readonly release?: { readonly id: string; readonly since: string };
  readonly now: Date;
}

/** One message in the form of each protocol. */
export interface Message {
  /** At most 100 characters of ASCII. */
  readonly subject: string;
  /** Plain text. */
  readonly email: string;
  /** One text message of 160 characters of the GSM alphabet. A link that does not fit is left out. */
  readonly sms: string;
  /** Data for programs. */
  readonly json: object;
}

/** SNS puts up to ten letters of the topic's display name before a text message, and `> `. */
const SMS_LENGTH = 160 - 12;
const HEADINGS = { page: 'PAGE', taken: 'TAKEN', joined: 'MORE', cleared: 'OVER' };
/** Longest subject of an e-mail. */
const SUBJECT_LENGTH = 100;

/** Lines of a message. Empty lines are left out. */
type Paragraph = readonly (string | false | undefined)[];

/** Writes a message in the form of each protocol. */
export function messageOf(message: MessageFacts, settings: NotifySettings): Message {
  const { kind, facts, since } = message;
  const links = consoleLinks(facts, since, settings);
  const heading = `${message.test ? 'TEST ' : ''}${HEADINGS[kind]} ${settings.name}: `;
  const title = heading + namesIn(message, settings.name, SUBJECT_LENGTH - heading.length);
  const paragraphs = {
    page: pageParagraphs(message, links, settings),
    taken: [
      [`${message.acknowledgedBy} has taken this over: ${facts.meaning}`],
      ['You need not do anything.'],
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
      test && 'This is the weekly test that pages arrive. Acknowledge it; nothing else is to be done.',
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
      release && `Release ${release.id}, with users since ${minute(release.since)}.`,
      release && rollbackCommand && `The release before comes back with:\n  ${rollbackCommand}`,
    ],
  ];
}

function joinedParagraphs(
  { facts, news = [], acknowledgedBy }: MessageFacts,
  links: ConsoleLinks,
  { name }: NotifySettings,
): Paragraph[] {
  return [
    [`More alarms fire: ${news.map((alarm) => shortName(alarm, name)).join(', ')}.`],
    [`They belong to what ${acknowledgedBy} has taken over: ${facts.meaning}`],
    ['Nobody is paged for them until the incident is over or pages again.'],
    [`Alarm: ${links.alarm}`, links.dashboard && `Dashboard: ${links.dashboard}`],
  ];
}

function clearedParagraphs(
  { facts, since, now, acknowledgedBy }: MessageFacts,
  links: ConsoleLinks,
): Paragraph[] {
  return [
    [`It is over: ${facts.meaning}`],
    [
      `It began at ${minute(since)} and took ${words(now, since)}.`,
      acknowledgedBy ? `${acknowledgedBy} had taken it over.` : 'Nobody had acknowledged it.',
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

/** The names of an incident's alarms in a line: the news, or the first alarm and the others. */
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

/** Text for the subject of an e-mail: ASCII without line breaks, not starting with a space. */
function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** Text in GSM's basic alphabet. Other letters would make three text messages of one. */
function gsm(text: string): string {
  return ascii(text).replace(/[[\]{}\\^~|`]/g, '');
}
