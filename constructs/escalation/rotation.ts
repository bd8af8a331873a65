import { WEEKDAYS } from '../weekdays';
import type { OnCallOverride, Rotation } from './escalation-plan';

/** A time in which one contact is on call without a break. */
export interface Shift {
  /** Name of a contact. */
  readonly contact: string;
  /** Beginning of the shift. */
  readonly from: Date;
  /** End of the shift, and beginning of the next one. */
  readonly until: Date;
  /** True if an override makes the shift, false if the rotation does. */
  readonly override: boolean;
}

/**
 * Returns the shift at a moment: exactly one contact is always on call.
 *
 * The first member's first week begins with the handover on the `start` date, or with the last handover before it. Weeks
 * before that count backwards. During DST, a skipped handover time moves forward (02:30 → 03:30); a repeated one uses
 * the first occurrence. If overrides overlap, the one listed first holds.
 *
 * @param rotation the rotation of a plan
 * @param at the moment
 */
export function onCall(rotation: Rotation, at: Date): Shift {
  const overrides = (rotation.overrides ?? []).map(span);
  const holding = overrides.findIndex(({ from, until }) => from <= at && at < until);
  const { contact, from: begin, until: end } = holding < 0 ? weekAt(rotation, at) : overrides[holding]!;
  // An override takes precedence over a week, and an earlier override over a later one.
  const cuts = (holding < 0 ? overrides : overrides.slice(0, holding))
    .filter(({ from, until }) => from < until)
    .flatMap(({ from, until }) => [from, until])
    .filter((moment) => begin < moment && moment < end);
  return {
    contact,
    from: latest([begin, ...cuts.filter((moment) => moment <= at)]),
    until: earliest([end, ...cuts.filter((moment) => moment > at)]),
    override: holding >= 0,
  };
}

/**
 * Returns consecutive shifts, beginning with the shift at a moment.
 * @param rotation the rotation of a plan
 * @param from a moment in the first shift
 * @param weeks number of weeks of the rotation that the shifts cover; 1 for the current week only
 */
export function shifts(rotation: Rotation, from: Date, weeks: number): Shift[] {
  const end = handover(rotation, weekAt(rotation, from).number + weeks);
  const all = [onCall(rotation, from)];
  while (all.at(-1)!.until < end) all.push(onCall(rotation, all.at(-1)!.until));
  return all;
}

const DAY = 86_400_000;
const WEEK = 7 * DAY;

const earliest = (moments: readonly Date[]) => new Date(Math.min(...moments.map(Number)));
const latest = (moments: readonly Date[]) => new Date(Math.max(...moments.map(Number)));

function span({ contact, from, to }: OnCallOverride) {
  return { contact, from: new Date(from), until: new Date(to) };
}

function memberOf({ members }: Rotation, week: number): string {
  return members[((week % members.length) + members.length) % members.length]!;
}

/** Returns the week at a moment, ignoring overrides. Week 0 is the first member's first week. */
function weekAt(rotation: Rotation, at: Date) {
  let number = Math.floor((wallClock(rotation.handover.timeZone, at) - firstHandover(rotation)) / WEEK);
  let from = handover(rotation, number);
  // If the clocks change between the two moments, the number is off by at most one.
  while (at < from) from = handover(rotation, --number);
  let until = handover(rotation, number + 1);
  while (at >= until) [from, until] = [until, handover(rotation, ++number + 1)];
  return { number, contact: memberOf(rotation, number), from, until };
}

/** Beginning of a week. */
function handover(rotation: Rotation, week: number): Date {
  return momentOf(rotation.handover.timeZone, firstHandover(rotation) + week * WEEK);
}

/** Handover at the beginning of the first week, in the time zone. */
function firstHandover({ handover: { weekday, time }, start }: Rotation): number {
  const day = Date.parse(`${start}T00:00Z`);
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  const daysBefore = (sinceMonday - WEEKDAYS.indexOf(weekday) + 7) % 7;
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return day - daysBefore * DAY + (hours * 60 + minutes) * 60_000;
}

// A local time is represented as the moment at which a UTC clock shows the same time.

const formats = new Map<string, Intl.DateTimeFormat>();

/** Time in a zone at a moment. */
export function wallClock(timeZone: string, at: Date): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  // The text looks like `3/29/2026, 01:30:00`. `formatToParts` is several times slower.
  const [month = 0, day, year = 0, hours, minutes, seconds] = format.format(at).match(/\d+/g)!.map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes, seconds, at.getUTCMilliseconds());
}

/** Returns the moment of a local time: the first occurrence of a repeated time; a skipped time moves forward. */
export function momentOf(timeZone: string, wall: number): Date {
  const offsetAt = (moment: number) => wallClock(timeZone, new Date(moment)) - moment;
  // Every zone is less than a day from UTC, and none changes its clock twice within two days.
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  if (before === after) return new Date(wall - before);
  const showing = [wall - before, wall - after].filter((moment) => moment + offsetAt(moment) === wall);
  return new Date(showing.length > 0 ? Math.min(...showing) : wall - before);
}
