import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { Escalation } from '../../../constructs/escalation';
import { testStack } from '../../support';

class Example extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Example');
    const queue = new Queue(this, 'Queue');

    const escalation = new Escalation(this, 'Escalation', {
      name: 'guestbook-production',
      plan: {
        contacts: [{ name: 'Ada', email: 'ada@example.com', phone: '+4915112345678' }],
        rotation: {
          members: ['Ada'],
          handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
          start: '2026-01-05',
        },
        tiers: [{ targets: [{ kind: 'on-call' }], times: 3, everyMinutes: 5 }],
        repageMinutes: 30,
      },
      fallbackEmails: ['office@example.org'],
    });
    const age = queue.metricApproximateAgeOfOldestMessage();
    escalation.page(age.createAlarm(this, 'QueueGrows', { threshold: 600, evaluationPeriods: 2 }), {
      meaning: 'Orders are taken and nobody packs them.',
      action: 'See whether the workers run.',
      runbook: 'docs/orders.md#queue-grows',
    });
  }
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^ +/gm, '');

test('the example in the README is this one, and synthesises', () => {
  const example = /```ts\n(.*?)```/s.exec(
    code(join(__dirname, '../../../constructs/escalation/README.md')),
  )?.[1];
  expect(example?.length).toBeGreaterThan(100);
  expect(code(__filename)).toContain(example);
  Template.fromStack(new Example(testStack().node.root as never)).hasResourceProperties(
    'AWS::CloudWatch::Alarm',
    { Threshold: 600, AlarmDescription: Match.stringLikeRegexp('^Orders are taken'), OKActions: [{}] },
  );
});
