import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { TEST_CAUSE } from './alarm-notification';
import { Incidents } from './incidents';
import { PROBLEMS_METRIC, settings, type WatchSettings } from './settings';

const dynamo = new DynamoDBClient({});
const sns = new SNSClient({});

/** One week, plus one day to acknowledge. */
const UNTESTED_MILLISECONDS = 8 * 86_400_000;

/** Checks that messages can reach people, and writes the number of problems as a metric. */
export async function handler(): Promise<readonly string[]> {
  const { name, table, topics, tested } = settings<WatchSettings>();
  const found = await Promise.all(
    Object.entries(topics).map(([whose, { arn, subscriptions }]) => missing(whose, arn, subscriptions)),
  );
  const problems = [...found.flat(), ...(tested ? await untested(table) : [])];
  for (const message of problems)
    console.error(JSON.stringify({ level: 'error', event: 'escalation.watch', message }));
  // CloudWatch extracts a metric from this line.
  console.log(
    JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: `${name}/Escalation`,
            Dimensions: [[]],
            Metrics: [{ Name: PROBLEMS_METRIC, Unit: 'Count' }],
          },
        ],
      },
      [PROBLEMS_METRIC]: problems.length,
    }),
  );
  return problems;
}

/** SNS deletes unconfirmed subscriptions after some days, and every e-mail contains an unsubscribe link. */
async function missing(whose: string, TopicArn: string, wanted: number): Promise<string[]> {
  const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  const confirmed = Number(Attributes['SubscriptionsConfirmed'] ?? 0);
  const pending = Number(Attributes['SubscriptionsPending'] ?? 0);
  const what = `${whose}: ${confirmed} of ${wanted} addresses are confirmed`;
  if (pending > 0) return [`${what}, ${pending} not yet; look for the mail of AWS`];
  return confirmed < wanted
    ? [`${what}; take the missing one out of the settings, deploy, put it back and deploy again`]
    : [];
}

async function untested(table: string): Promise<string[]> {
  const answered = await new Incidents(dynamo, table).lastAcknowledged(TEST_CAUSE);
  if (answered) return old(answered, 'the last test page that was acknowledged is');
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }));
  const since = Table?.CreationDateTime?.toISOString();
  return since ? old(since, 'no test page was acknowledged since the escalation was made,') : [];
}

function old(iso: string, what: string): string[] {
  const age = Date.now() - Date.parse(iso);
  return age > UNTESTED_MILLISECONDS ? [`${what} ${Math.floor(age / 86_400_000)} days ago`] : [];
}
