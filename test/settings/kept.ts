import type { EnvironmentName, SettingsOverrides } from '../../config';

/** Settings that once ended in a stack trace or in a template that AWS refuses, each as small as it became. */
export const kept: Readonly<
  Record<string, { readonly environment: EnvironmentName; readonly changes: SettingsOverrides }>
> = {
  "a certificate of one's own outside us-east-1": {
    environment: 'production',
    changes: {
      region: 'eu-west-1',
      client: {
        domain: {
          name: 'shop.example.com',
          certificateArn:
            'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-1000-8000-000000000000',
        },
      },
    },
  },
  'a ticket address twice': {
    environment: 'production',
    changes: { escalation: { ticketEmails: ['a@b.co', 'a@b.co'] } },
  },
  'a rule of the firewall twice': {
    environment: 'production',
    changes: { client: { countedRules: ['SizeRestrictions_BODY', 'SizeRestrictions_BODY'] } },
  },
  'an embedded metric that alarms below zero': {
    environment: 'test',
    changes: {
      monitoring: {
        businessMetrics: [
          {
            name: 'Balance',
            embedded: { namespace: 'Shop' },
            alarm: { meaning: 'Debts', action: 'Look', severity: 'ticket', below: -1, minutes: 5 },
          },
        ],
      },
    },
  },
  'a webhook where the environment has a key of its own': {
    environment: 'production',
    changes: {
      escalation: {
        contacts: [{ name: 'anna', email: 'anna@example.com' }],
        tiers: [{ targets: [{ kind: 'webhook' }], times: 1, everyMinutes: 5 }],
      },
    },
  },
};
