import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/escalation/escalation-watch.lambda';
import { Incidents } from '../../../constructs/escalation/incidents';
import { SETTINGS } from '../../../constructs/escalation/settings';
import { DynamoTable } from '../../support/dynamo';

const NOW = new Date('2026-11-24T03:00:00Z');
const days = (count: number) => new Date(NOW.getTime() - count * 86_400_000);
const restores: (() => void)[] = [];
let lines: string[];
let subscriptions: Record<string, [confirmed: number, pending: number]>;
let made: Date;
let table: DynamoTable;

beforeEach(() => {
  lines = [];
  subscriptions = { ada: [2, 0], fallback: [1, 0] };
  made = days(3);
  table = new DynamoTable();
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  for (const level of ['log', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(line));
  vi.stubEnv(
    SETTINGS,
    JSON.stringify({
      name: 'shop',
      table: 't',
      topics: { Ada: { arn: 'ada', subscriptions: 2 }, '(fallback)': { arn: 'fallback', subscriptions: 1 } },
      tested: true,
    }),
  );
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  const sns = mockClient(SNSClient);
  sns.on(GetTopicAttributesCommand).callsFake(async ({ TopicArn }) => ({
    Attributes: {
      SubscriptionsConfirmed: String(subscriptions[TopicArn]![0]),
      SubscriptionsPending: String(subscriptions[TopicArn]![1]),
    },
  }));
  const dynamo = table.mock();
  dynamo.on(DescribeTableCommand).callsFake(async () => ({ Table: { CreationDateTime: made } }));
  restores.push(
    () => sns.restore(),
    () => dynamo.restore(),
  );
});
afterEach(() => {
  for (const restore of restores.splice(0)) restore();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** Somebody answers a test page. */
async function tested(at: Date): Promise<void> {
  const incidents = new Incidents(new DynamoDBClient({}), 't');
  const test = { alarm: 'shop-page-test', region: 'eu-central-1', meaning: 'A test', reason: '' };
  const incident = `test-${at.getTime()}`;
  await incidents.open({ cause: 'test', incident, at: at.toISOString(), facts: test, elsewhere: false });
  await incidents.acknowledge('test', incident, 'Ada', at);
  table.items.get('incident#test')!['status'] = { S: 'closed' };
}

const counted = () =>
  lines.map((line) => JSON.parse(line)).find((line) => line['_aws'])?.['Problems'] as number;

test('reports nothing if all addresses can receive messages', async () => {
  await tested(days(6));
  expect(await handler()).toEqual([]);
  expect(counted()).toBe(0);
});

test('reports unconfirmed addresses', async () => {
  subscriptions['ada'] = [1, 1];
  subscriptions['fallback'] = [0, 1];
  expect(await handler()).toEqual([
    'Ada: 1 of 2 addresses are confirmed, 1 not yet; look for the mail of AWS',
    '(fallback): 0 of 1 addresses are confirmed, 1 not yet; look for the mail of AWS',
  ]);
  expect(counted()).toBe(2);
});

test('reports addresses that SNS dropped or that unsubscribed, if the contact has other addresses', async () => {
  await tested(days(6));
  subscriptions['ada'] = [1, 0];
  expect(await handler()).toEqual([expect.stringMatching(/^Ada: 1 of 2 address/)]);
});

test('reports that nobody answered a test for over a week', async () => {
  await tested(days(9));
  expect(await handler()).toEqual(['the last test page that was acknowledged is 9 days ago']);
});

test('keeps the last answer while the next test waits', async () => {
  made = days(100);
  await tested(days(7));
  await new Incidents(new DynamoDBClient({}), 't').open({
    cause: 'test',
    incident: 'test-2',
    at: NOW.toISOString(),
    facts: { alarm: 'shop-page-test', region: 'eu-central-1', meaning: 'A test', reason: '' },
    elsewhere: false,
  });
  expect(await handler()).toEqual([]);
});

test('gives a new escalation a week for its first test', async () => {
  expect(await handler()).toEqual([]);
  made = days(10);
  expect(await handler()).toEqual([expect.stringContaining('10 days ago')]);
});

test('writes its count as a metric', async () => {
  await handler();
  const line = lines.map((one) => JSON.parse(one)).find((one) => one['_aws']);
  expect(line['_aws'].CloudWatchMetrics).toEqual([
    { Namespace: 'shop/Escalation', Dimensions: [[]], Metrics: [{ Name: 'Problems', Unit: 'Count' }] },
  ]);
});
