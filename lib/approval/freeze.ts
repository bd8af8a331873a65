import type { FreezeTime, FreezeWindow } from '../../constructs/delivery-roles/delivery-rules';
import { wallClock } from '../../constructs/escalation/rotation';
import { WEEKDAYS } from '../../constructs/weekdays';

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60;

/** Returns the windows that are open at a time, each in its own time zone. */
export function openWindows(windows: readonly FreezeWindow[], at: Date): FreezeWindow[] {
  return windows.filter(({ from, until, timeZone }) => {
    const wall = wallClock(timeZone, at);
    if (typeof from === 'string' && typeof until === 'string')
      return Date.parse(`${from}Z`) <= wall && wall < Date.parse(`${until}Z`);
    if (typeof from === 'string' || typeof until === 'string') return false;
    const [begin, end, now] = [minuteOfWeek(from), minuteOfWeek(until), minuteAt(wall)];
    // A window that begins and ends at the same time covers the whole week.
    return begin < end ? begin <= now && now < end : now >= begin || now < end;
  });
}

/** Describes a window for people. */
export function describeWindow({ name, from, until, timeZone }: FreezeWindow): string {
  const shown = (time: string | FreezeTime) =>
    typeof time === 'string' ? time.replace('T', ' ') : `${time.weekday} ${time.time}`;
  return `${name}, from ${shown(from)} until ${shown(until)} (${timeZone})`;
}

function minuteOfWeek({ weekday, time }: FreezeTime): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return WEEKDAYS.indexOf(weekday) * 24 * 60 + hours * 60 + minutes;
}

/** 1970-01-05 was a Monday. */
function minuteAt(wall: number): number {
  return (((Math.floor(wall / MINUTE) - 4 * 24 * 60) % WEEK) + WEEK) % WEEK;
}
