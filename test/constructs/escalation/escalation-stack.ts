import { Template } from 'aws-cdk-lib/assertions';
import { Escalation } from '../../../constructs/escalation/escalation';
import type { EscalationPlan } from '../../../constructs/escalation/escalation-plan';
import type { EscalationProps } from '../../../constructs/escalation/escalation-props';
import { testStack } from '../../support';

export const NAME = 'guestbook-production';

/** The first tier notifies the person on call (Ada) twice, the second one Grace and the webhook once. */
export const PLAN: EscalationPlan = {
  contacts: [
    { name: 'Ada', email: 'ada@example.com', phone: '+4915112345678' },
    { name: 'Grace', email: 'grace@example.com' },
  ],
  rotation: {
    members: ['Ada', 'Grace'],
    handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
    start: '2026-11-23',
  },
  tiers: [
    { targets: [{ kind: 'on-call' }], times: 2, everyMinutes: 5 },
    { targets: [{ kind: 'contact', contact: 'Grace' }, { kind: 'webhook' }], times: 1, everyMinutes: 10 },
  ],
  repageMinutes: 30,
};

export function escalationStack(props: Partial<EscalationProps> = {}, region = 'eu-central-1') {
  const stack = testStack('Test', { env: { region } });
  const escalation = new Escalation(stack, 'Escalation', {
    name: NAME,
    plan: PLAN,
    webhookUrl: 'https://hooks.example.com/pages',
    fallbackEmails: ['office@example.com'],
    ticketEmails: ['team@example.com'],
    ...props,
  });
  return { stack, escalation, template: () => Template.fromStack(stack) };
}
