import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AlarmFacts } from './alarm-notification';
import { INCIDENT_PREFIX } from './incident-prefix';

/** What is going on about one cause. */
export interface Incident {
  readonly cause: string;
  /** Name of this one; its first execution has the same. */
  readonly incident: string;
  readonly status: 'running' | 'closed';
  /** The execution that looks after it now. */
  readonly execution: string;
  /** In ISO 8601. */
  readonly since: string;
  /** Names of all alarms that belong to it. */
  readonly alarms: readonly string[];
  /** Those of them that fire in another region, where nothing here can look. */
  readonly elsewhere: readonly string[];
  /** Of the first alarm. */
  readonly facts: AlarmFacts;
  /** Who was told, as `contact:Ada`. */
  readonly told: readonly string[];
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: string;
}

/** An invitation to acknowledge. */
export interface Link {
  readonly cause: string;
  readonly incident: string;
  /** Whom it was sent to. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly usedAt?: string;
}

/** The beginning of an incident, or of being part of one. */
export interface Beginning {
  readonly cause: string;
  readonly incident: string;
  readonly at: string;
  readonly facts: AlarmFacts;
  /** Whether the alarm is in another region. */
  readonly elsewhere: boolean;
}

/** Time after which a record goes by itself. */
const KEPT_SECONDS = 90 * 86_400;

/** The table of running incidents, one a cause, and of the links that were sent. */
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
   * @param instead a running one that nothing looks after any more; its alarms are taken over
   * @returns the one that is in the way, or nothing
   */
  async open(beginning: Beginning, instead?: Incident): Promise<Incident | undefined> {
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
   * Makes an alarm part of a running incident; one that is known already only counts as another look to take.
   * @returns what is in the way: the incident is over, or something newer is known of the alarm
   */
  join({ cause, at, facts, elsewhere }: Beginning, running: string): Promise<Incident | undefined> {
    return this.refused(
      cause,
      new UpdateItemCommand({
        TableName: this.table,
        Key: incidentKey(cause),
        UpdateExpression: `SET heard.#alarm = :at ADD joins :one, alarms :alarms${elsewhere ? ', elsewhere :alarms' : ''}`,
        ConditionExpression: `${STILL_RUNNING} AND ${NEWS}`,
        ExpressionAttributeNames: { '#status': 'status', '#alarm': facts.alarm },
        ExpressionAttributeValues: {
          ...stillRunning(running),
          ':at': { S: at },
          ':one': { N: '1' },
          ':alarms': { SS: [facts.alarm] },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** An alarm in another region is well again. */
  async clear(cause: string, running: string, alarm: string, at: string): Promise<void> {
    await this.refused(
      cause,
      new UpdateItemCommand({
        TableName: this.table,
        Key: incidentKey(cause),
        UpdateExpression: 'SET heard.#alarm = :at DELETE elsewhere :alarms',
        ConditionExpression: `${STILL_RUNNING} AND ${NEWS}`,
        ExpressionAttributeNames: { '#status': 'status', '#alarm': alarm },
        ExpressionAttributeValues: {
          ...stillRunning(running),
          ':at': { S: at },
          ':alarms': { SS: [alarm] },
        },
      }),
    );
  }

  /** Remembers who was told, to tell them how it goes on. */
  async told(cause: string, incident: string, recipient: string): Promise<void> {
    await this.refused(
      cause,
      new UpdateItemCommand({
        TableName: this.table,
        Key: incidentKey(cause),
        UpdateExpression: 'ADD told :recipient',
        ConditionExpression: STILL_RUNNING,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ...stillRunning(incident), ':recipient': { SS: [recipient] } },
      }),
    );
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
   * Records who takes an incident over; a link is used up by it.
   * @returns whether it was this that did it
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
                UpdateExpression: 'SET acknowledgedBy = :by, acknowledgedAt = :at',
                ConditionExpression: `${STILL_RUNNING} AND attribute_not_exists(acknowledgedBy)`,
                ExpressionAttributeNames: { '#status': 'status' },
                ExpressionAttributeValues: { ...stillRunning(incident), ':by': { S: by }, ':at': at },
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

  /** What was in the way of a write, or nothing. */
  private async refused(
    cause: string,
    command: PutItemCommand | UpdateItemCommand,
  ): Promise<Incident | undefined> {
    try {
      // One signature for both is more than their types can say.
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
const linkKey = (id: string) => ({ id: { S: `link#${id}` } });

/** An incident as the table has it, and the state machine reads it. */
export function incidentOf(cause: string, item: Record<string, AttributeValue>): Incident {
  return {
    cause,
    incident: item['incident']!.S!,
    status: item['status']!.S as Incident['status'],
    execution: item['execution']!.S!,
    since: item['since']!.S!,
    alarms: [...(item['alarms']?.SS ?? [])].sort(),
    elsewhere: [...(item['elsewhere']?.SS ?? [])].sort(),
    facts: JSON.parse(item['facts']!.S!),
    told: [...(item['told']?.SS ?? [])].sort(),
    acknowledgedBy: item['acknowledgedBy']?.S,
    acknowledgedAt: item['acknowledgedAt']?.S,
  };
}
