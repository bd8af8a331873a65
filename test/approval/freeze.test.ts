import { expect, test } from 'vitest';
import { describeWindow, openWindows } from '../../lib/approval/freeze';

const christmas = {
  name: 'Christmas',
  from: '2026-12-20T00:00',
  until: '2027-01-02T08:00',
  timeZone: 'Europe/Berlin',
};
const weekend = {
  name: 'weekend',
  from: { weekday: 'friday', time: '16:00' },
  until: { weekday: 'monday', time: '08:00' },
  timeZone: 'America/New_York',
} as const;
const noon = {
  name: 'noon',
  from: { weekday: 'wednesday', time: '12:00' },
  until: { weekday: 'wednesday', time: '13:00' },
  timeZone: 'Asia/Kolkata',
} as const;
const open = (at: string) => openWindows([christmas, weekend, noon], new Date(at)).map(({ name }) => name);

test.each([
  ['2026-12-19T22:59:59Z', ['weekend']],
  ['2026-12-19T23:00:00Z', ['Christmas', 'weekend']],
  ['2027-01-02T06:59:59Z', ['Christmas', 'weekend']],
  ['2027-01-02T07:00:00Z', ['weekend']],
  // In summer New York is four hours behind UTC, in winter five.
  ['2026-07-03T19:59:00Z', []],
  ['2026-07-03T20:00:00Z', ['weekend']],
  ['2026-11-06T20:30:00Z', []],
  ['2026-11-06T21:00:00Z', ['weekend']],
  ['2026-11-09T12:59:00Z', ['weekend']],
  ['2026-11-09T13:00:00Z', []],
  ['2026-11-11T06:29:00Z', []],
  ['2026-11-11T06:30:00Z', ['noon']],
  ['2026-11-11T07:30:00Z', []],
])('at %s the open windows are %j', (at, names) => {
  expect(open(at)).toEqual(names);
});

test('in the night when the clock goes back, both occurrences of the hour are in the window', () => {
  const window = {
    name: 'n',
    from: '2026-10-25T02:00',
    until: '2026-10-25T03:00',
    timeZone: 'Europe/Berlin',
  };
  const within = (at: string) => openWindows([window], new Date(at)).length === 1;
  expect(['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'].map(within)).toEqual([
    true,
    true,
    false,
  ]);
});

test('a window is printed with its time zone', () => {
  expect(describeWindow(christmas)).toBe(
    'Christmas, from 2026-12-20 00:00 until 2027-01-02 08:00 (Europe/Berlin)',
  );
  expect(describeWindow(weekend)).toBe('weekend, from friday 16:00 until monday 08:00 (America/New_York)');
});
