import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SettingsOverrides } from '../../config';
import { defaults } from '../../config/default';
import { escalation } from '../../config/sections/escalation';
import type { EscalationPlan } from '../../constructs/escalation/escalation-plan';

const plan: NonNullable<SettingsOverrides['escalation']> = {
  contacts: [
    { name: 'Ada', email: 'ada@example.com', phone: '+4915112345678' },
    { name: 'Ben', phone: '+12125550100' },
    { name: 'Head of operations', email: 'operations@example.com' },
  ],
  rotation: {
    members: ['Ada', 'Ben'],
    handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
    start: '2026-01-05',
    overrides: [
      { contact: 'Ben', from: '2026-12-24T18:00:00+01:00', to: '2026-12-26T09:00:00+01:00' },
      { contact: 'Ada', from: '2026-12-26T09:00:00+01:00', to: '2026-12-27T09:00:00+01:00' },
    ],
  },
  tiers: [
    { targets: [{ kind: 'on-call' }, { kind: 'webhook' }], times: 3, everyMinutes: 5 },
    {
      targets: [
        { kind: 'contact', contact: 'Head of operations' },
        { kind: 'topic', topicArn: 'arn:aws:sns:eu-west-1:123456789012:pages' },
      ],
      times: 1,
      everyMinutes: 15,
    },
  ],
  webhook: 'https://hooks.example.com/pages?team=shop',
  fallbackEmail: 'fallback@example.com',
  maintenance: [
    { name: 'weekly', schedule: 'cron(0 2 * * SUN)', timeZone: 'Europe/Berlin', minutes: 120 },
    { name: 'move', schedule: 'at(2026-12-24T22:00)', timeZone: 'UTC', minutes: 21_600 },
  ],
  testPage: { weekday: 'wednesday', time: '10:00', timeZone: 'Europe/Berlin' },
};
const complete = { ...defaults.escalation, ...plan };
/** Returns the paths of the problems of a plan in which some parts are replaced. */
const wrong = (parts: Readonly<Record<string, unknown>>) =>
  (escalation.safeParse({ ...complete, ...parts }).error?.issues ?? []).map(({ path, message }) => [
    path.join('.'),
    message,
  ]);
const places = (parts: Readonly<Record<string, unknown>>) => wrong(parts).map(([path]) => path);

test('a configured plan has the props of the construct', () => {
  const parsed: EscalationPlan = escalation.parse(complete);
  expect(parsed).toEqual(complete);
});

test('nobody is paged unless the configuration names somebody', () => {
  expect(escalation.parse(defaults.escalation).tiers).toEqual([]);
});

describe('fails for', () => {
  test('contacts without a valid address, or with a duplicate name', () => {
    expect(
      places({
        contacts: [
          ...plan.contacts!,
          { name: 'Nobody' },
          { name: 'ada', email: 'ada@example' },
          { name: ' ', phone: '0151 12345678' },
        ],
      }),
    ).toEqual(['contacts.3', 'contacts.4.name', 'contacts.4.email', 'contacts.5.name', 'contacts.5.phone']);
  });

  test('unknown contact names, and lists the known ones', () => {
    expect(
      wrong({
        rotation: {
          ...plan.rotation,
          members: ['Ada', 'Bob'],
          overrides: [{ ...plan.rotation!.overrides![0], contact: 'Cleo' }],
        },
        tiers: [{ targets: [{ kind: 'contact', contact: 'Dan' }], times: 1, everyMinutes: 5 }],
      }),
    ).toEqual(
      ['rotation.members.1', 'rotation.overrides.0.contact', 'tiers.0.targets.0'].map((path) => [
        path,
        'the name of a contact: Ada, Ben, Head of operations',
      ]),
    );
  });

  test('tiers with unknown recipients', () => {
    expect(wrong({ rotation: undefined, webhook: undefined })).toEqual([
      ['tiers.0.targets.0', expect.stringContaining("there has to be a 'rotation'")],
      ['tiers.0.targets.1', expect.stringContaining("as 'webhook'")],
    ]);
    expect(places({ tiers: [{ targets: [], times: 1, everyMinutes: 5 }] })).toEqual(['tiers.0.targets']);
    expect(
      places({ tiers: [{ targets: [{ kind: 'topic', topicArn: 'pages' }], times: 1, everyMinutes: 5 }] }),
    ).toEqual(['tiers.0.targets.0']);
  });

  test('tiers with too few, too many or fractional repetitions', () => {
    expect(
      places({ tiers: [{ ...plan.tiers![0], times: 0, everyMinutes: 241 }], repageMinutes: 7.5 }),
    ).toEqual(['tiers.0.times', 'tiers.0.everyMinutes', 'repageMinutes']);
    expect(places({ tiers: Array.from({ length: 11 }, () => plan.tiers![0]) })).toEqual(['tiers']);
    const often = { ...plan.tiers![0], times: 17 };
    expect(places({ tiers: [often, often, often] })).toEqual(['tiers']);
  });

  test('handovers at invalid times and in unknown time zones', () => {
    const handover = { weekday: 'monday', time: '9:00', timeZone: 'Europe/Bonn' };
    expect(places({ rotation: { ...plan.rotation, handover, start: '2026-02-29', members: [] } })).toEqual([
      'rotation.members',
      'rotation.handover.time',
      'rotation.handover.timeZone',
      'rotation.start',
    ]);
    for (const timeZone of ['+02:00', 'berlin', '', 'CET+1'])
      expect(places({ testPage: { ...plan.testPage, timeZone } })).toEqual(['testPage.timeZone']);
  });

  test('overrides that overlap, end before they begin, or have no offset', () => {
    const [first] = plan.rotation!.overrides!;
    const overrides = (...others: object[]) =>
      places({
        rotation: {
          ...plan.rotation,
          overrides: [first, ...others.map((other) => ({ ...first, ...other }))],
        },
      });
    expect(overrides({ from: '2026-12-25T00:00:00Z', to: '2026-12-27T00:00:00Z' })).toEqual([
      'rotation.overrides.1',
    ]);
    // The same moment, in another offset.
    expect(overrides({ from: '2026-12-26T08:00:00Z', to: '2026-12-27T00:00:00Z' })).toEqual([]);
    expect(overrides({ from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' })).toEqual([
      'rotation.overrides.1.to',
    ]);
    expect(overrides({ from: '2027-01-01', to: '2027-01-02T25:00Z' })).toEqual([
      'rotation.overrides.1.from',
      'rotation.overrides.1.to',
    ]);
  });

  test('addresses that cannot receive messages', () => {
    expect(
      places({
        webhook: 'http://hooks.example.com',
        ticketEmails: ['tickets@example.com', 'tickets'],
        fallbackEmail: 'Ada <ada@example.com>',
      }),
    ).toEqual(['webhook', 'ticketEmails.1', 'fallbackEmail']);
    expect(places({ webhook: 'https://name:word@hooks.example.com/' })).toEqual(['webhook']);
    expect(places({ runbooks: 'https://git.example.com/framework53-cdk/blob/main' })).toEqual(['runbooks']);
    expect(places({ runbooks: 'https://git.example.com/framework53-cdk/blob/main/' })).toEqual([]);
  });

  test('an acknowledge concurrency above 100, or a fraction', () => {
    expect(places({ acknowledgeConcurrency: 101 })).toEqual(['acknowledgeConcurrency']);
    expect(places({ acknowledgeConcurrency: 0.5 })).toEqual(['acknowledgeConcurrency']);
    expect(places({ acknowledgeConcurrency: 0 })).toEqual([]);
  });

  test('paging without a contact for delivery failures, and tests that page nobody', () => {
    expect(places({ fallbackEmail: undefined })).toEqual(['fallbackEmail']);
    expect(places({ tiers: [] })).toEqual(['testPage']);
  });

  test.each([
    'cron(0/5 2 * * *)',
    'cron(0 2 ? * SUN)',
    'cron(0 2 * * SUN *)',
    'cron(60 2 * * *)',
    'cron(0 2 * * LUN)',
    'rate(1 day)',
    'at(2026-02-30T10:00)',
    'at(2026-12-24)',
  ])('a maintenance window at %s', (schedule) => {
    expect(places({ maintenance: [{ ...plan.maintenance![0], schedule }] })).toEqual([
      'maintenance.0.schedule',
    ]);
  });

  test('maintenance windows with a duplicate name, an unknown time zone, or a duration of zero', () => {
    expect(
      places({ maintenance: [plan.maintenance![0], { ...plan.maintenance![0], timeZone: 'X', minutes: 0 }] }),
    ).toEqual(['maintenance.1.name', 'maintenance.1.timeZone', 'maintenance.1.minutes']);
  });

  test('all problems at once, even if parts have the wrong type', () => {
    expect(
      places({
        contacts: [{ name: 'Ada', mail: 'ada@example.com' }],
        tiers: [{ targets: [{ kind: 'everybody' }], times: 'often', everyMinutes: 0 }],
        fallbackEmail: undefined,
      }).sort(),
    ).toEqual([
      'contacts.0',
      'contacts.0',
      'fallbackEmail',
      'rotation.members.1',
      'rotation.overrides.0.contact',
      'tiers.0.everyMinutes',
      'tiers.0.targets.0',
      'tiers.0.times',
    ]);
  });

  test('any value that is not a plan, without an exception', () => {
    const part = fc.oneof(
      fc.anything(),
      fc.array(fc.anything()),
      fc.constantFrom(...Object.values(complete)),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(complete), 'rotation'), part),
        fc.dictionary(fc.constantFrom(...Object.keys(plan.rotation!)), part),
        (parts, rotation) => {
          escalation.safeParse({ ...complete, ...parts });
          escalation.safeParse({ ...complete, rotation: { ...plan.rotation, ...rotation } });
        },
      ),
      { numRuns: 200 },
    );
  });
});
