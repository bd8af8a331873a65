import { describe, expect, test } from 'vitest';
import { newestValue, parseNotification } from '../../../constructs/escalation/alarm-notification';
import { type MessageFacts, messageOf } from '../../../constructs/escalation/message';
import type { NotifySettings } from '../../../constructs/escalation/settings';
import { notification } from './world';

const SETTINGS: NotifySettings = {
  rollbackCommand: 'framework53 rollback --env production',
  name: 'guestbook-production',
  table: 'incidents',
  region: 'eu-central-1',
  acknowledgeFunction: 'acknowledge',
  dashboard: 'guestbook-production',
  logGroup: '/ecs/guestbook',
  query: 'fields @message | filter level = "error"',
  runbooks: 'https://example.com/guestbook/blob/main/',
};
const LINK = 'https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws/AbCdEfGhIjKlMnOpQrStUv';
const at = new Date('2026-11-24T03:00:00Z');
const parsed = parseNotification(
  JSON.stringify(
    notification('guestbook-production-page-server-fails', 'ALARM', { region: 'eu-central-1', at }),
  ),
);
const PAGE: MessageFacts = {
  kind: 'page',
  test: false,
  incident: 'application-20261124T030000-0123abcd',
  cause: 'application',
  since: at.toISOString(),
  alarms: ['guestbook-production-page-server-fails', 'guestbook-production-page-latency-burn'],
  facts: parsed.facts,
  acknowledge: { link: LINK },
  release: { id: '0123456789abcdef', since: '2026-11-24T02:48:00.000Z' },
  now: new Date('2026-11-24T03:06:00Z'),
};

describe('a notification of CloudWatch', () => {
  test('is read with all fields of its alarm', () => {
    expect(parsed).toEqual({
      arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:guestbook-production-page-server-fails',
      state: 'ALARM',
      at: '2026-11-24T03:00:00.000Z',
      cause: 'application',
      children: [],
      facts: {
        alarm: 'guestbook-production-page-server-fails',
        region: 'eu-central-1',
        meaning: 'People get errors.',
        condition: 'more than 5 % of requests fail, in 2 of 3 periods of 5 minutes',
        action: 'Look at the errors by class.',
        runbook: 'docs/monitoring.md#server-fails',
        reason: expect.stringContaining('Threshold Crossed'),
        value: 12.5,
        threshold: 5,
      },
    });
  });

  test('of an alarm without a structured description is sent too', () => {
    const { facts, cause } = parseNotification(
      JSON.stringify({
        AlarmName: 'theirs',
        AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:theirs',
        NewStateValue: 'ALARM',
        NewStateReason: 'arn:… transitioned to ALARM',
        StateChangeTime: '2026-11-24T03:00:00.000+0000',
      }),
    );
    expect({ cause, meaning: facts.meaning, value: facts.value }).toEqual({
      cause: 'application',
      meaning: 'theirs',
      value: undefined,
    });
  });

  test.each(['{}', '"text"', '{"AlarmName":"a","AlarmArn":"b"}'])('fails for another message: %s', (body) => {
    expect(() => parseNotification(body)).toThrow('not an alarm notification');
  });

  test('shows its newest value first, in any format', () => {
    expect(newestValue('[3.0E-4 (24/11/26 02:55:00), 1.0 (24/11/26 02:50:00)]')).toBe(0.0003);
    expect(newestValue('1 datapoint [-2 (24/11/26 02:55:00)]')).toBe(-2);
    expect(newestValue('no datapoints were received')).toBeUndefined();
  });
});

describe('a message', () => {
  const message = messageOf(PAGE, SETTINGS);

  test('says in an email what users notice, since when, how bad, what to do and where to look', () => {
    expect(message.subject).toBe('PAGE guestbook-production: server-fails, latency-burn');
    expect(message.email).toBe(`People get errors.

Since 2026-11-24 03:00 UTC (6 minutes).
Measured 12.5, threshold 5.
Fires when more than 5 % of requests fail, in 2 of 3 periods of 5 minutes.
Also firing or fired: latency-burn.

Acknowledge: ${LINK}

First: Look at the errors by class.

Alarm: https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#alarmsV2:alarm/guestbook-production-page-server-fails
Dashboard: https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/guestbook-production
Runbook: https://example.com/guestbook/blob/main/docs/monitoring.md#server-fails
Errors in the log: https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:logs-insights$3FqueryDetail$3D$7e$28end$7e$272026-11-24T03*3a30*3a00.000Z$7estart$7e$272026-11-24T02*3a30*3a00.000Z$7etimeType$7e$27ABSOLUTE$7etz$7e$27UTC$7eeditorString$7e$27fields*20*40message*20*7c*20filter*20level*20*3d*20*22error*22$7esource$7e$28$7e$27*2fecs*2fguestbook$29$29

Live release: 0123456789abcdef, since 2026-11-24 02:48 UTC.
Roll back to the previous release with:
  framework53 rollback --env production
`);
  });

  test('names a rollback command only if one is given', () => {
    const { rollbackCommand: _, ...settings } = SETTINGS;
    const { email, json } = messageOf(PAGE, settings);
    expect(email).toContain('Live release: 0123456789abcdef, since 2026-11-24 02:48 UTC.\n');
    expect(JSON.stringify([email, json])).not.toMatch(/roll ?back/i);
  });

  test('has a subject with as many alarms as fit, and the number of the rest', () => {
    const alarms = Array.from({ length: 12 }, (_, index) => `guestbook-production-page-alarm-${index + 1}`);
    const { subject } = messageOf({ ...PAGE, alarms }, SETTINGS);
    expect(subject.length).toBeLessThanOrEqual(100);
    expect(subject).toMatch(/^PAGE guestbook-production: server-fails, alarm-1, .* and \d+ more$/);
  });

  test('is one SMS, including the link', () => {
    expect(message.sms).toBe(`PAGE guestbook-production: server-fails since 03:00Z ${LINK}`);
    expect(message.sms.length).toBeLessThanOrEqual(148);
  });

  test('is one SMS with long names too, with the complete link', () => {
    const { sms } = messageOf(
      { ...PAGE, facts: { ...PAGE.facts, alarm: `guestbook-production-page-${'x'.repeat(200)}` } },
      SETTINGS,
    );
    expect(sms).toHaveLength(148);
    expect(sms.endsWith(` ${LINK}`)).toBe(true);
  });

  test('has only characters that an SMS and a subject allow', () => {
    const odd = messageOf(
      { ...PAGE, kind: 'taken', acknowledgedBy: 'Zoë [~{|}^\\] 🙂\r\nBcc: all' },
      { ...SETTINGS, name: 'gästebuch-production' },
    );
    expect(odd.sms).toMatch(/^[A-Za-z0-9 :.,'()/_-]+$/);
    expect(odd.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  test('says how to acknowledge without links', () => {
    const { email, sms } = messageOf({ ...PAGE, acknowledge: { command: 'aws lambda invoke …' } }, SETTINGS);
    expect(email).toContain('Acknowledge with:\n  aws lambda invoke …');
    expect(sms).toBe('PAGE guestbook-production: server-fails, latency-burn since 03:00Z');
  });

  test('is marked as a test', () => {
    const test = messageOf({ ...PAGE, test: true }, SETTINGS);
    expect(test.subject).toMatch(/^TEST PAGE/);
    expect(test.sms).toMatch(/^TEST PAGE/);
    expect(test.email).toMatch(/^This is the weekly test/);
  });

  test('omits unknown values', () => {
    const { email } = messageOf(
      { ...PAGE, release: undefined, facts: { alarm: 'a', region: 'us-east-1', meaning: 'm', reason: '' } },
      { ...SETTINGS, dashboard: undefined, logGroup: undefined, runbooks: undefined },
    );
    expect(email).not.toMatch(/undefined|NaN/);
    expect(email).toContain('region=us-east-1#alarmsV2:alarm/a');
  });

  test('says who acknowledged it, and how long it took', () => {
    expect(messageOf({ ...PAGE, kind: 'taken', acknowledgedBy: 'Ada' }, SETTINGS).email).toContain(
      'Ada has taken this over: People get errors.',
    );
    expect(messageOf({ ...PAGE, kind: 'cleared' }, SETTINGS).email).toContain('lasted 6 minutes');
  });

  test('has a JSON form with the same content', () => {
    expect(message.json).toMatchObject({
      kind: 'page',
      environment: 'guestbook-production',
      value: 12.5,
      threshold: 5,
      acknowledge: LINK,
      release: { id: '0123456789abcdef', rollback: 'framework53 rollback --env production' },
    });
  });
});
