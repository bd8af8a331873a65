import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { AlarmFacts } from './alarm-notification';
import { type Incident, incidentOf, type Link } from './incident';
import { INCIDENT_PREFIX } from './incident-prefix';

/** An alarm that opens an incident or joins one. */
export interface OpeningAlarm {
  readonly cause: string;
  readonly incident: string;
  readonly at: string;
  readonly facts: AlarmFacts;
  /** True if the alarm is in another region. */
  readonly elsewhere: boolean;
}

/** Seconds until DynamoDB may delete a record. */
const KEPT_SECONDS = 90 * 86_400;

/** The table of incidents and acknowledge links. It has one incident record for each cause. */
export class Incidents {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async read(cause: string): Promise<Incident | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: incidentKey(cause), ConsistentRead: true }),
    );
    return Item && incidentOf(cause, Item);
  }

  /**
   * Opens an incident unless one of the same cause is running.
   * @param instead a running incident without an execution; the new incident takes over its alarms
   * @returns the conflicting incident, or undefined
   */
  async open(beginning: OpeningAlarm, instead?: Incident): Promise<Incident | undefined> {
    const { cause, incident, at, facts, elsewhere } = beginning;
    const firing = new Set([...(elsewhere ? [facts.alarm] : []), ...(instead?.elsewhere ?? [])]);
    const item: Record<string, AttributeValue> = {
      ...incidentKey(cause),
      incident: { S: incident },
      execution: { S: incident },
      status: { S: 'running' },
      since: { S: at },
      alarms: { SS: [...new Set([facts.alarm, ...(instead?.alarms ?? [])])] },
      ...(firing.size > 0 && { elsewhere: { SS: [...firing] } }),
      heard: { M: { [facts.alarm]: { S: at } } },
      joins: { N: '1' },
      facts: { S: JSON.stringify(facts) },
      expires: { N: String(Math.floor(Date.parse(at) / 1000) + KEPT_SECONDS) },
    };
    return this.refused(
      cause,
      new PutItemCommand({
        TableName: this.table,
        Item: item,
        ConditionExpression:
          'attribute_not_exists(id) OR (#status = :closed AND incident <> :incident) OR incident = :instead',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':closed': { S: 'closed' },
          ':incident': { S: incident },
          ':instead': { S: instead?.incident ?? 'none' },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /**
   * Adds an alarm to a running incident. For an alarm that is already part of it, this only requests another check.
   * @returns the conflicting incident if it is over or has a newer state of the alarm, otherwise undefined
   */
  join(
    { cause, at, facts, elsewhere }: OpeningAlarm,
    { incident, alarms }: Incident,
  ): Promise<Incident | undefined> {
    const sets = [
      'alarms',
      ...(elsewhere ? ['elsewhere'] : []),
      ...(alarms.includes(facts.alarm) ? [] : ['news']),
    ];
    return this.change(cause, incident, {
      UpdateExpression: `SET heard.#alarm = :at ADD joins :one, ${sets.map((name) => `${name} :alarms`).join(', ')}`,
      ConditionExpression: NEWS,
      ExpressionAttributeNames: { '#alarm': facts.alarm },
      ExpressionAttributeValues: { ':at': { S: at }, ':one': { N: '1' }, ':alarms': { SS: [facts.alarm] } },
    });
  }

  /** Records that an alarm in another region has cleared, unless the incident has a newer state of the alarm. */
  async clear(cause: string, incident: string, alarm: string, at: string): Promise<void> {
    await this.change(cause, incident, {
      UpdateExpression: 'SET heard.#alarm = :at DELETE elsewhere :alarms',
      ConditionExpression: NEWS,
      ExpressionAttributeNames: { '#alarm': alarm },
      ExpressionAttributeValues: { ':at': { S: at }, ':alarms': { SS: [alarm] } },
    });
  }

  /** Records a recipient. The recipient is notified of the acknowledgement and the end too. */
  async recordNotified(cause: string, incident: string, recipient: string): Promise<void> {
    await this.change(cause, incident, {
      UpdateExpression: 'ADD told :recipient',
      ExpressionAttributeValues: { ':recipient': { SS: [recipient] } },
    });
  }

  /** Time of the last acknowledgement of an incident of a cause, in ISO 8601. */
  async lastAcknowledged(cause: string): Promise<string | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: answerKey(cause), ConsistentRead: true }),
    );
    return Item?.['at']?.S;
  }

  async invite(id: string, { cause, incident, name, expires }: Link): Promise<void> {
    await this.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: {
          ...linkKey(id),
          cause: { S: cause },
          incident: { S: incident },
          name: { S: name },
          expires: { N: String(expires) },
        },
      }),
    );
  }

  async link(id: string): Promise<Link | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: linkKey(id), ConsistentRead: true }),
    );
    return (
      Item && {
        cause: Item['cause']!.S!,
        incident: Item['incident']!.S!,
        name: Item['name']!.S!,
        expires: Number(Item['expires']!.N),
        usedAt: Item['usedAt']?.S,
      }
    );
  }

  /**
   * Records an acknowledgement, and marks the link as used.
   * @returns true if this call acknowledged, false if another call was first
   */
  async acknowledge(
    cause: string,
    incident: string,
    by: string,
    now: Date,
    linkId?: string,
  ): Promise<boolean> {
    const at = { S: now.toISOString() };
    try {
      await this.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Update: {
                TableName: this.table,
                Key: incidentKey(cause),
                UpdateExpression: 'SET acknowledgedBy = :by, acknowledgedAt = :at REMOVE news',
                ConditionExpression: `${STILL_RUNNING} AND attribute_not_exists(acknowledgedBy)`,
                ExpressionAttributeNames: { '#status': 'status' },
                ExpressionAttributeValues: { ...stillRunning(incident), ':by': { S: by }, ':at': at },
              },
            },
            {
              // The next incident of the cause replaces this record.
              Update: {
                TableName: this.table,
                Key: answerKey(cause),
                UpdateExpression: 'SET #at = :at, expires = :expires',
                ExpressionAttributeNames: { '#at': 'at' },
                ExpressionAttributeValues: {
                  ':at': at,
                  ':expires': { N: String(Math.floor(now.getTime() / 1000) + KEPT_SECONDS) },
                },
              },
            },
            ...(linkId === undefined
              ? []
              : [
                  {
                    Update: {
                      TableName: this.table,
                      Key: linkKey(linkId),
                      UpdateExpression: 'SET usedAt = :at',
                      ConditionExpression: 'attribute_not_exists(usedAt) AND expires > :now',
                      ExpressionAttributeValues: {
                        ':at': at,
                        ':now': { N: String(Math.floor(now.getTime() / 1000)) },
                      },
                    },
                  },
                ]),
          ],
        }),
      );
      return true;
    } catch (error) {
      if (
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed')
      )
        return false;
      throw error;
    }
  }

  /** Changes an incident that is still running. Returns the conflicting incident, or undefined. */
  private change(
    cause: string,
    incident: string,
    change: Pick<
      UpdateItemCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ): Promise<Incident | undefined> {
    const conditions = [STILL_RUNNING, ...(change.ConditionExpression ? [change.ConditionExpression] : [])];
    return this.refused(
      cause,
      new UpdateItemCommand({
        ...change,
        TableName: this.table,
        Key: incidentKey(cause),
        ConditionExpression: conditions.join(' AND '),
        ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#status': 'status' },
        ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ...stillRunning(incident) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** Writes to the table. Returns the conflicting incident, or undefined. */
  private async refused(
    cause: string,
    command: PutItemCommand | UpdateItemCommand,
  ): Promise<Incident | undefined> {
    try {
      // The client's types have no common signature for both commands.
      await this.client.send(command as PutItemCommand);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
      return incidentOf(cause, error.Item);
    }
  }
}

const STILL_RUNNING = 'incident = :running AND #status = :status';
const NEWS = '(attribute_not_exists(heard.#alarm) OR heard.#alarm < :at)';
const stillRunning = (incident: string) => ({ ':running': { S: incident }, ':status': { S: 'running' } });

const incidentKey = (cause: string) => ({ id: { S: `${INCIDENT_PREFIX}${cause}` } });
const answerKey = (cause: string) => ({ id: { S: `answer#${cause}` } });
const linkKey = (id: string) => ({ id: { S: `link#${id}` } });
