import { describe, expect, test } from 'vitest';
import { nagFindings, unusedAcknowledgements } from '../../support';
import { escalationStack } from './escalation-stack';

const full = escalationStack({
  testPage: { weekday: 'tuesday', time: '10:00', timeZone: 'Europe/Berlin' },
  deployments: true,
  maintenance: [{ name: 'nightly', schedule: 'cron(0 2 * * SUN)', timeZone: 'Europe/Berlin', minutes: 60 }],
});

describe('an escalation', () => {
  test('has no finding that nobody has judged', () => {
    expect(nagFindings(full.stack)).toEqual([]);
    expect(unusedAcknowledgements(full.stack)).toEqual([]);
  });
});
