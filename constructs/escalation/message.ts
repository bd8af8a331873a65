import type { AlarmFacts } from './alarm-notification';
import { consoleLinks } from './console-links';
import type { TellSettings } from './settings';

/** Why somebody is told something. */
export type MessageKind = 'page' | 'taken' | 'cleared';

/** All that a message is made of. */
export interface Told {
  readonly kind: MessageKind;
  readonly test: boolean;
  readonly incident: string;
  readonly cause: string;
  /** In ISO 8601. */
  readonly since: string;
  /** Names of all its alarms. */
  readonly alarms: readonly string[];
  readonly facts: AlarmFacts;
  readonly acknowledgedBy?: string;
  /** What is done to acknowledge: open a link, or run a command. */
  readonly acknowledge?: { readonly link: string } | { readonly command: string };
  /** The release that users have had since, if that is known. */
  readonly release?: { readonly id: string; readonly since: string };
  readonly now: Date;
}

/** The same in the forms that ways of telling need. */
export interface Message {
  /** At most 100 characters of ASCII. */
  readonly subject: string;
  /** Plain text. */
  readonly email: string;
  /** One text message of 160 characters of GSM's alphabet; a link that does not fit would be cut, so is left out. */
  readonly sms: string;
  /** For programs. */
  readonly json: object;
}

/** SNS puts up to ten letters of the topic's display name before it, and `> `. */
const SMS_LENGTH = 160 - 12;

export function messageOf(told: Told, settings: TellSettings): Message {
  const { kind, incident, cause, since, alarms, facts, acknowledgedBy, acknowledge, release } = told;
  const { name } = settings;
  const links = consoleLinks(facts, since, settings);
  const short = shortName(facts.alarm, name);
  const value = facts.value === undefined ? undefined : round(facts.value);
  const title = `${told.test ? 'TEST ' : ''}${HEADINGS[kind]} ${name}: ${short}`;
  const others = alarms.filter((alarm) => alarm !== facts.alarm).map((alarm) => shortName(alarm, name));
  const rollback = `framework53 rollback --env ${name.slice(name.lastIndexOf('-') + 1)}`;

  const paragraphs: (string | false | undefined)[][] = {
    page: [
      [
        told.test && 'This is the weekly test that pages arrive. Acknowledge it; nothing else is to be done.',
        facts.meaning,
      ],
      [
        `Since ${minute(since)} (${words(told.now, since)}).`,
        value !== undefined &&
          facts.threshold !== undefined &&
          `Measured ${value}, threshold ${facts.threshold}.`,
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
        release &&
          `Release ${release.id}, with users since ${minute(release.since)}. The one before comes back with:`,
        release && `  ${rollback}`,
      ],
    ],
    taken: [[`${acknowledgedBy} has taken this over: ${facts.meaning}`], ['You need not do anything.']],
    cleared: [
      [`It is over: ${facts.meaning}`],
      [
        `It began at ${minute(since)} and took ${words(told.now, since)}.`,
        acknowledgedBy ? `${acknowledgedBy} had taken it over.` : 'Nobody had acknowledged it.',
      ],
      [`Alarm: ${links.alarm}`, links.dashboard && `Dashboard: ${links.dashboard}`],
    ],
  }[kind];
  return {
    subject: ascii(title).slice(0, 100),
    email: `${paragraphs
      .map((lines) => lines.filter(Boolean).join('\n'))
      .filter(Boolean)
      .join('\n\n')}\n`,
    sms: sms(title, told),
    json: {
      kind,
      test: told.test,
      environment: name,
      incident,
      cause,
      meaning: facts.meaning,
      since,
      alarm: facts.alarm,
      alarms,
      region: facts.region,
      reason: facts.reason,
      value: facts.value,
      threshold: facts.threshold,
      action: facts.action,
      acknowledgedBy,
      acknowledge: acknowledge && 'link' in acknowledge ? acknowledge.link : undefined,
      links,
      release: release && { ...release, rollback },
    },
  };
}

const HEADINGS = { page: 'PAGE', taken: 'TAKEN', cleared: 'OVER' };

function sms(title: string, { kind, since, acknowledge, acknowledgedBy }: Told): string {
  const clock = `${since.slice(11, 16)}Z`;
  const said = kind === 'taken' ? `${title} by ${acknowledgedBy}` : `${title} since ${clock}`;
  const link = kind === 'page' && acknowledge && 'link' in acknowledge ? ` ${acknowledge.link}` : '';
  if (link.length >= SMS_LENGTH) return gsm(said).slice(0, SMS_LENGTH);
  return gsm(said).slice(0, SMS_LENGTH - link.length) + link;
}

/** An alarm's name without what all names of the environment begin with. */
export function shortName(alarm: string, name: string): string {
  const rest = alarm.startsWith(`${name}-`) ? alarm.slice(name.length + 1) : alarm;
  return rest.replace(/^(page|ticket)-/, '');
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

/** A mail's subject has to be ASCII, without line breaks, and must not start with a space. */
function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** Letters of GSM's basic alphabet, each of which is one character: others make three messages of one. */
function gsm(text: string): string {
  return ascii(text).replace(/[[\]{}\\^~|`]/g, '');
}
