import { type OnCallOverride, type Rotation, WEEKDAYS } from './escalation-plan';

/** Somebody on call without a break. */
export interface Shift {
  /** Name of a contact. */
  readonly contact: string;
  readonly from: Date;
  /** When the next shift begins, whoever has that. */
  readonly until: Date;
  /** Whether an override says so, not the rotation. */
  readonly override: boolean;
}

/**
 * Who is on call at a moment: always exactly one of the contacts.
 *
 * The first member's first week is the one that begins with the handover on the `start` date, or else with the
 * last handover before it. Weeks before count backwards, as if the rotation had always been. A handover at a
 * time that the clock skips is as much later as the clock was moved; at a time that comes twice, it is at the
 * first. Where overrides overlap, the one listed first holds.
 */
export function onCall(rotation: Rotation, at: Date): Shift {
  const overrides = (rotation.overrides ?? []).map(span);
  const holding = overrides.findIndex(({ from, until }) => from <= at && at < until);
  const { contact, from: begin, until: end } = holding < 0 ? weekAt(rotation, at) : overrides[holding]!;
  // What cuts into it: any override into a week, one listed before into an override.
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
 * The shifts from the one at a moment on, without gap or overlap, to the end of that many weeks of the rotation:
 * 1 for the present one only.
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

/** The week a moment is in, overrides aside; number 0 is the first member's first. */
function weekAt(rotation: Rotation, at: Date) {
  let number = Math.floor((wallClock(rotation.handover.timeZone, at) - firstHandover(rotation)) / WEEK);
  let from = handover(rotation, number);
  // Clocks that are moved between the two moments leave it at most one off.
  while (at < from) from = handover(rotation, --number);
  let until = handover(rotation, number + 1);
  while (at >= until) [from, until] = [until, handover(rotation, ++number + 1)];
  return { number, contact: memberOf(rotation, number), from, until };
}

/** When a week begins. */
function handover(rotation: Rotation, week: number): Date {
  return momentOf(rotation.handover.timeZone, firstHandover(rotation) + week * WEEK);
}

/** The handover that the first week begins with, on the clock of the zone. */
function firstHandover({ handover: { weekday, time }, start }: Rotation): number {
  const day = Date.parse(`${start}T00:00Z`);
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  const daysBefore = (sinceMonday - WEEKDAYS.indexOf(weekday) + 7) % 7;
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return day - daysBefore * DAY + (hours * 60 + minutes) * 60_000;
}

// What the clock of a zone shows is written as the moment when a clock of UTC shows the same.

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock of a zone shows at a moment. */
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
  // As `3/29/2026, 01:30:00`; the parts by name take several times as long.
  const [month = 0, day, year = 0, hours, minutes, seconds] = format.format(at).match(/\d+/g)!.map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes, seconds, at.getUTCMilliseconds());
}

/** The moment when the clock of a zone shows this: the first, if twice; if never, as much later as is skipped. */
export function momentOf(timeZone: string, wall: number): Date {
  const offsetAt = (moment: number) => wallClock(timeZone, new Date(moment)) - moment;
  // No zone is a day away from UTC, and none changes its clock twice within two days.
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  if (before === after) return new Date(wall - before);
  const showing = [wall - before, wall - after].filter((moment) => moment + offsetAt(moment) === wall);
  return new Date(showing.length > 0 ? Math.min(...showing) : wall - before);
}
