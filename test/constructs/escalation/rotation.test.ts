import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OnCallOverride, Rotation } from '../../../constructs/escalation/escalation-plan';
import { onCall, shifts } from '../../../constructs/escalation/rotation';
import { WEEKDAYS } from '../../../constructs/weekdays';

const rotation: Rotation = {
  members: ['ada', 'ben', 'cleo'],
  handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
  start: '2026-01-05',
};
const at = (moment: string) => new Date(moment);
const of = (given: Rotation, moment: string) => {
  const { contact, from, until } = onCall(given, at(moment));
  return [contact, from.toISOString(), until.toISOString()];
};

describe('a week of the rotation', () => {
  test('begins with the handover on the start date', () => {
    expect(of(rotation, '2026-01-05T09:00:00+01:00')).toEqual([
      'ada',
      '2026-01-05T08:00:00.000Z',
      '2026-01-12T08:00:00.000Z',
    ]);
  });

  test('begins with the last handover before a start date on another day', () => {
    expect(of({ ...rotation, start: '2026-01-08' }, '2026-01-05T10:00:00+01:00')[0]).toBe('ada');
    expect(of({ ...rotation, start: '2026-01-11' }, '2026-01-05T10:00:00+01:00')[0]).toBe('ada');
  });

  test('ends when the next one begins', () => {
    expect(of(rotation, '2026-01-12T08:59:59+01:00')[0]).toBe('ada');
    expect(of(rotation, '2026-01-12T09:00:00+01:00')[0]).toBe('ben');
  });

  test('returns to the first member after the last one', () => {
    expect(shifts(rotation, at('2026-01-06T00:00Z'), 4).map(({ contact }) => contact)).toEqual([
      'ada',
      'ben',
      'cleo',
      'ada',
    ]);
  });

  test('counts backwards before the start', () => {
    expect(of(rotation, '2026-01-05T08:59:00+01:00')[0]).toBe('cleo');
    expect(of(rotation, '2025-12-28T12:00:00+01:00')[0]).toBe('ben');
  });
});

describe('a handover during a clock change', () => {
  const sundays = { ...rotation, start: '2026-01-04' };
  const handover = (timeZone: string, time: string, weekday: Rotation['handover']['weekday'] = 'sunday') => ({
    ...sundays,
    handover: { weekday, time, timeZone },
  });

  test('keeps its hour on the clock', () => {
    expect(of(rotation, '2026-03-31T00:00:00Z').slice(1)).toEqual([
      '2026-03-30T07:00:00.000Z',
      '2026-04-06T07:00:00.000Z',
    ]);
    expect(of(rotation, '2026-03-29T00:00:00Z').slice(1)).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  test('moves forward by the skipped hour', () => {
    expect(of(handover('Europe/Berlin', '02:30'), '2026-03-29T12:00:00Z')[1]).toBe(
      '2026-03-29T01:30:00.000Z',
    );
    // Half an hour, at Lord Howe.
    expect(of(handover('Australia/Lord_Howe', '02:15'), '2026-10-04T12:00:00Z')[1]).toBe(
      '2026-10-03T15:45:00.000Z',
    );
    // At midnight, in Cairo: the day begins at one.
    expect(of(handover('Africa/Cairo', '00:00', 'friday'), '2026-04-24T12:00:00Z')[1]).toBe(
      '2026-04-23T22:00:00.000Z',
    );
    // A whole day, in Samoa.
    expect(of(handover('Pacific/Apia', '12:00', 'friday'), '2011-12-31T12:00:00Z')[1]).toBe(
      '2011-12-30T22:00:00.000Z',
    );
  });

  test('uses the first occurrence of a repeated hour', () => {
    expect(of(handover('Europe/Berlin', '02:30'), '2026-10-25T12:00:00Z')[1]).toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(of(handover('America/New_York', '01:30'), '2026-11-01T12:00:00Z')[1]).toBe(
      '2026-11-01T05:30:00.000Z',
    );
  });
});

describe('an override', () => {
  const override: OnCallOverride = {
    contact: 'dan',
    from: '2026-01-10T18:00:00+01:00',
    to: '2026-01-13T09:00:00+01:00',
  };
  const overridden = { ...rotation, overrides: [override] };

  test('applies from its start up to, but not including, its end, across handovers', () => {
    expect(
      shifts(overridden, at('2026-01-05T12:00:00Z'), 2).map(({ contact, from, override: by }) => [
        contact,
        from.toISOString(),
        by,
      ]),
    ).toEqual([
      ['ada', '2026-01-05T08:00:00.000Z', false],
      ['dan', '2026-01-10T17:00:00.000Z', true],
      ['ben', '2026-01-13T08:00:00.000Z', false],
    ]);
  });

  test('changes no other week', () => {
    expect(of(overridden, '2026-01-20T00:00:00Z')).toEqual(of(rotation, '2026-01-20T00:00:00Z'));
  });

  test('that is listed first wins an overlap', () => {
    const both = { ...rotation, overrides: [override, { ...override, contact: 'eve', to: '2026-01-14' }] };
    expect(of(both, '2026-01-12T00:00:00Z')[0]).toBe('dan');
    expect(of(both, '2026-01-13T12:00:00Z')).toEqual([
      'eve',
      '2026-01-13T08:00:00.000Z',
      '2026-01-14T00:00:00.000Z',
    ]);
  });
});

describe('at any time, in any zone', () => {
  const zones = [
    ...Intl.supportedValuesOf('timeZone'),
    // Zones with unusual changes are tried more often.
    ...Array.from({ length: 10 }, () => [
      'Africa/Cairo',
      'Africa/Casablanca',
      'America/Sao_Paulo',
      'America/St_Johns',
      'Antarctica/Troll',
      'Asia/Kathmandu',
      'Asia/Tehran',
      'Australia/Lord_Howe',
      'Europe/Berlin',
      'Europe/Dublin',
      'Pacific/Apia',
      'Pacific/Chatham',
    ]).flat(),
  ];
  const moment = fc.date({ min: at('1901-01-01'), max: at('2400-01-01'), noInvalidDate: true });
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const regular: fc.Arbitrary<Rotation> = fc.record({
    members: fc.uniqueArray(fc.constantFrom('ada', 'ben', 'cleo', 'dan', 'eve'), { minLength: 1 }),
    handover: fc.record({
      weekday: fc.constantFrom(...WEEKDAYS),
      time,
      timeZone: fc.constantFrom(...zones),
    }),
    start: fc
      .date({ min: at('1970-01-01'), max: at('2100-01-01'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10)),
  });
  const HOUR = 3_600_000;
  /** Overlapping ones, too: they are refused elsewhere, and must not break this. */
  const near = (center: Date) =>
    fc
      .array(
        fc.record({
          contact: fc.constantFrom('ada', 'zoe'),
          from: fc.integer({ min: -400, max: 800 }),
          hours: fc.integer({ min: 1, max: 500 }),
        }),
        { maxLength: 4 },
      )
      .map((all) =>
        all.map(({ contact, from, hours }) => ({
          contact,
          from: new Date(center.getTime() + from * HOUR).toISOString(),
          to: new Date(center.getTime() + (from + hours) * HOUR).toISOString(),
        })),
      );
  const any = moment.chain((now) =>
    fc.record({
      now: fc.constant(now),
      given: fc.tuple(regular, near(now)).map(([one, overrides]): Rotation => ({ ...one, overrides })),
      weeks: fc.integer({ min: 1, max: 6 }),
    }),
  );

  test('exactly one person is on call, without gap or overlap', () => {
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (tried, share) => {
        const { now, given, weeks } = tried;
        const all = shifts(given, now, weeks);
        expect(all[0]!.from <= now && now < all[0]!.until).toBe(true);
        for (const [index, shift] of all.entries()) {
          expect(shift.until > shift.from).toBe(true);
          if (index > 0) expect(shift.from).toEqual(all[index - 1]!.until);
          const length = shift.until.getTime() - shift.from.getTime();
          for (const inside of [0, Math.floor(share * length), length - 1])
            expect(onCall(given, new Date(shift.from.getTime() + inside))).toEqual(shift);
          const override = (given.overrides ?? []).find(
            ({ from, to }) => at(from) <= shift.from && shift.from < at(to),
          );
          expect(shift.override).toBe(override !== undefined);
          if (override) expect(shift.contact).toBe(override.contact);
          else expect(given.members).toContain(shift.contact);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('each member has a full week in turn', () => {
    fc.assert(
      fc.property(regular, moment, (given, now) => {
        const { members } = given;
        const all = shifts(given, now, 2 * members.length);
        const first = members.indexOf(all[0]!.contact);
        expect(all.map(({ contact }) => contact)).toEqual(
          all.map((_, index) => members[(first + index) % members.length]),
        );
        // The largest change of a clock is a day, at the date line.
        for (const { from, until } of all)
          expect(Math.abs(until.getTime() - from.getTime() - 168 * HOUR)).toBeLessThanOrEqual(24 * HOUR);
      }),
      { numRuns: 300 },
    );
  });

  test('a handover is at the first occurrence of its time, or after the skipped hour', () => {
    fc.assert(
      fc.property(regular, moment, (given, now) => {
        const { weekday, time: expected, timeZone } = given.handover;
        const format = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          weekday: 'long',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
        const clock = (moment: number) => {
          const [day, shown] = format
            .format(moment)
            .toLowerCase()
            .split(/,? (?:at )?/);
          return WEEKDAYS.indexOf(day as (typeof WEEKDAYS)[number]) * 1440 + minutes(shown!);
        };
        const minutes = (shown: string) => Number(shown.slice(0, 2)) * 60 + Number(shown.slice(3));
        const wanted = WEEKDAYS.indexOf(weekday) * 1440 + minutes(expected);
        const begins = onCall(given, now).from.getTime();
        const ahead = (clock(begins) - wanted + 10_080) % 10_080;
        if (ahead === 0) {
          for (const earlier of [30, 60, 120]) expect(clock(begins - earlier * 60_000)).not.toBe(wanted);
        } else {
          // The same span of time before, the clock had not been moved yet.
          expect((wanted - clock(begins - ahead * 60_000) + 10_080) % 10_080).toBe(ahead);
        }
      }),
      { numRuns: 300 },
    );
  });
});
