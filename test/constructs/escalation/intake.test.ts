import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/escalation/escalation-intake.lambda';
import { NAME } from './escalation-stack';
import { notification, START, World } from './world';

const ALARM = `${NAME}-page-server-fails`;
const OTHER = `${NAME}-page-latency-burn`;
const REGION = 'eu-central-1';
let world: World;
beforeEach(() => {
  world = new World({ StartAt: '', States: {} });
});
afterEach(() => world.stop());

const take = (...bodies: string[]) =>
  handler({ Records: bodies.map((body, index) => ({ messageId: `m${index + 1}`, body })) } as never);
const fired = (alarm: string, at = START, more: object = {}) =>
  JSON.stringify({ ...notification(alarm, 'ALARM', { region: REGION, at }), ...more });

test('opens an incident with an expiry, and starts its execution', async () => {
  expect(await take(fired(ALARM))).toEqual({ batchItemFailures: [] });
  expect(world.item).toMatchObject({
    status: { S: 'running' },
    alarms: { SS: [ALARM] },
    joins: { N: '1' },
    expires: { N: String(START.getTime() / 1000 + 90 * 86_400) },
  });
  expect(world.executions).toEqual([world.item!['incident']!.S]);
});

test('fails only for a message that it cannot read', async () => {
  expect(await take('{"Records":[]}', fired(ALARM))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm1' }],
  });
  expect(world.executions).toHaveLength(1);
});

test('starts a recorded incident if the message comes again', async () => {
  await take(fired(ALARM));
  world.executions.length = 0;
  await take(fired(ALARM));
  expect(world.executions).toHaveLength(1);
});

test('joins an incident that is about to start', async () => {
  await take(fired(ALARM));
  world.executions.length = 0;
  await take(fired(OTHER));
  expect(world.executions).toEqual([]);
  expect(world.item!['alarms']!.SS).toEqual([ALARM, OTHER]);
});

test('starts an incident that was recorded and never started, with its alarms', async () => {
  await take(fired(ALARM));
  world.executions.length = 0;
  vi.setSystemTime(START.getTime() + 60_000);
  await take(fired(OTHER, new Date()));
  expect(world.executions).toEqual([world.item!['incident']!.S]);
  expect([...world.item!['alarms']!.SS!].sort()).toEqual([OTHER, ALARM].sort());
});

test('counts each state change of an alarm once, and ignores older ones', async () => {
  await take(fired(ALARM));
  const later = fired(ALARM, new Date(START.getTime() + 5_000));
  await take(later, later, fired(ALARM, new Date(START.getTime() + 1_000)));
  expect(world.item!['joins']!.N).toBe('2');
});

test('gets the value of a composite alarm from its firing children', async () => {
  const child = { Arn: `arn:aws:cloudwatch:${REGION}:123456789012:alarm:child` };
  await take(
    fired(ALARM, START, {
      NewStateReason: 'child transitioned to ALARM',
      Trigger: undefined,
      TriggeringChildren: [child],
    }),
  );
  expect(JSON.parse(world.item!['facts']!.S!)).toMatchObject({ value: 12.5, threshold: 5 });
});

test('accepts OK of an alarm in another region only if it is newer', async () => {
  const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
  const edge = (state: 'ALARM' | 'OK', seconds: number) =>
    JSON.stringify(notification(ALARM, state, { region: 'us-east-1', at: at(seconds) }));
  // A rejected message becomes a dead letter, and then a message about a lost page.
  const taken = { batchItemFailures: [] };
  expect(await take(edge('ALARM', 0), edge('OK', 10), edge('ALARM', 20))).toEqual(taken);
  expect(await take(edge('OK', 10), edge('OK', 10))).toEqual(taken);
  expect(world.item!['elsewhere']).toEqual({ SS: [ALARM] });
  expect(await take(edge('OK', 30))).toEqual(taken);
  expect(await take(edge('OK', 30))).toEqual(taken);
  expect(world.item!['elsewhere']).toBeUndefined();
});

test('ignores OK of an alarm in this region, because the execution reads its state', async () => {
  await take(fired(ALARM));
  const before = JSON.stringify(world.item);
  await take(
    JSON.stringify(notification(ALARM, 'OK', { region: REGION, at: new Date(START.getTime() + 1) })),
  );
  expect(JSON.stringify(world.item)).toBe(before);
});
