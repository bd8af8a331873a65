import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/escalation/escalation-notify.lambda';
import { SETTINGS } from '../../../constructs/escalation/settings';
import { NAME } from './escalation-stack';
import { World } from './world';

const ADA = { kind: 'contact', name: 'Ada', topicArn: 'Ada' } as const;
let world: World;
beforeEach(async () => {
  world = new World({ StartAt: '', States: {} });
  await world.fire(`${NAME}-page-server-fails`);
});
afterEach(() => world.stop());

const tell = (
  kind: 'page' | 'taken' | 'joined' | 'cleared',
  recipient: Parameters<typeof handler>[0]['recipient'] = ADA,
) =>
  handler({
    kind,
    cause: 'application',
    incident: world.executions[0]!,
    step: 0,
    item: structuredClone(world.item!),
    recipient,
  });

test('creates a separate link for each message, stored only as a hash, valid for a day', async () => {
  await tell('page');
  await tell('page');
  const links = world.sent.map(({ email }) => /Acknowledge: \S+\/([\w-]{22})\n/.exec(email!)![1]!);
  expect(new Set(links).size).toBe(2);
  for (const link of links) {
    const kept = world.table.items.get(`link#${createHash('sha256').update(link).digest('hex')}`);
    expect(kept).toMatchObject({
      name: { S: 'Ada' },
      incident: { S: world.executions[0] },
      expires: { N: String(Date.now() / 1000 + 86_400) },
    });
  }
  expect(JSON.stringify([...world.table.items])).not.toContain(links[0]);
});

test('records each recipient once', async () => {
  await tell('page');
  await tell('page');
  expect(world.item!['told']).toEqual({ SS: [JSON.stringify(ADA)] });
  world.down.add('Grace');
  await expect(tell('page', { ...ADA, name: 'Grace', topicArn: 'Grace' })).rejects.toThrow('down');
  expect(world.item!['told']!.SS).toHaveLength(1);
});

test('informs the recorded recipients again', async () => {
  await tell('cleared', JSON.stringify(ADA));
  expect(world.story).toEqual(['0 Ada: OVER']);
});

test('does not inform the person who acknowledged', async () => {
  world.item!['acknowledgedBy'] = { S: 'Ada' };
  await tell('taken');
  await tell('taken', { ...ADA, name: 'Grace', topicArn: 'Grace' });
  expect(world.story).toEqual(['0 Grace: TAKEN']);
});

test('publishes JSON to a topic', async () => {
  await tell('page', { kind: 'topic', topicArn: 'arn:aws:sns:eu-central-1:123456789012:chat' });
  expect(world.story).toEqual(['0 arn:aws:sns:eu-central-1:123456789012:chat: PAGE']);
});

test('names the command to acknowledge if there is no link', async () => {
  const settings = JSON.parse(process.env[SETTINGS]!);
  vi.stubEnv(SETTINGS, JSON.stringify({ ...settings, acknowledgeUrl: undefined }));
  await tell('page');
  expect(world.sent[0]?.email).toContain(
    `Acknowledge with:\n  aws lambda invoke --function-name acknowledge --region eu-central-1 --cli-binary-format raw-in-base64-out --payload '{"cause":"application","incident":"${world.executions[0]}","by":"Ada"}' /dev/stdout`,
  );
  expect([...world.table.items.keys()].some((id) => id.startsWith('link#'))).toBe(false);
});
