import { loadSettings } from '../../config';
import { type Settings, type SettingsOverrides, settingsSchema } from '../../config/schema';

const ACCOUNT = '123456789012';
const sunday = { weekday: 'sunday', time: '09:00', timeZone: 'Europe/Berlin' } as const;

/** A value for each setting that production leaves out or switches off. */
export const everyOption = {
  account: ACCOUNT,
  application: { name: 'shop' },
  network: { availabilityZones: 3, natGateways: 3 },
  database: {
    instanceClass: 'r8g.large',
    engineVersion: '17.9',
    readers: 2,
    applicationRole: 'owner',
    insights: 'advanced',
    snapshotBeforeMigrations: true,
    restore: { identifier: 'shop-restored', cluster: 'shop-production', at: '2026-01-31T12:00:00Z' },
  },
  server: { deployment: 'canary', shell: true },
  client: {
    domain: { name: 'shop.example.com', zone: { id: 'Z0123456789', name: 'example.com' } },
    contentSecurityPolicy: {
      reportOnly: true,
      reportUri: 'https://reports.example.com/csp',
      sources: { 'connect-src': ['https://api.example.com'] },
    },
    corsOrigins: ['https://partner.example.com'],
    errorPage: { file: 'index.html', statuses: [502, 503, 504] },
  },
  verification: {
    checks: [
      { path: '/api/entries', status: 200, headers: { 'content-type': 'json' }, body: '^\\[', p95Ms: 500 },
    ],
    compareErrorsMinutes: 10,
  },
  monitoring: {
    canaryMinutes: 5,
    rumPercent: 10,
    businessMetrics: [
      {
        name: 'OrdersPlaced',
        event: 'order.placed',
        alarm: {
          meaning: 'Nobody orders',
          action: 'Look at the checkout',
          severity: 'page',
          below: 1,
          minutes: 15,
        },
      },
      {
        name: 'Revenue',
        pattern: '{ $.event = "paid" }',
        value: '$.amount',
        alarm: {
          meaning: 'Revenue is unusual',
          action: 'Look at prices',
          severity: 'ticket',
          unusualBy: 3,
          minutes: 60,
        },
      },
      { name: 'QueueDepth', embedded: { namespace: 'Shop/Jobs', dimensions: { queue: 'mail' } } },
    ],
    budget: { monthlyUsd: 500, email: 'costs@example.com' },
  },
  escalation: {
    contacts: [
      { name: 'anna', email: 'anna@example.com', phone: '+4915112345678' },
      { name: 'ben', email: 'ben@example.com' },
    ],
    rotation: {
      members: ['anna', 'ben'],
      handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
      start: '2026-01-05',
      overrides: [{ contact: 'ben', from: '2026-12-24T18:00:00+01:00', to: '2026-12-27T09:00:00+01:00' }],
    },
    tiers: [
      { targets: [{ kind: 'on-call' }], times: 2, everyMinutes: 5 },
      {
        targets: [
          { kind: 'contact', contact: 'ben' },
          { kind: 'topic', topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:managers` },
          { kind: 'webhook' },
        ],
        times: 3,
        everyMinutes: 10,
      },
    ],
    webhook: 'https://hooks.example.com/pages',
    ticketEmails: ['tickets@example.com'],
    fallbackEmail: 'fallback@example.com',
    runbooks: 'https://git.example.com/shop/blob/main/',
    maintenance: [{ name: 'restart', schedule: 'cron(0 2 * * SUN)', timeZone: 'Europe/Berlin', minutes: 30 }],
    testPage: sunday,
  },
} as const satisfies SettingsOverrides;

/** Production's settings with a value for each setting. */
export function settingsWithEveryOption(application: string): Settings {
  return settingsSchema.parse(merged(loadSettings('production', application), everyOption));
}

function merged(base: unknown, over: unknown): unknown {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return over;
  if (typeof over !== 'object' || over === null || Array.isArray(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => {
      const [before, after] = [
        (base as Record<string, unknown>)[key],
        (over as Record<string, unknown>)[key],
      ];
      return [key, after === undefined ? before : merged(before, after)];
    }),
  );
}
