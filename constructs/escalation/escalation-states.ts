import { Aws } from 'aws-cdk-lib';
import { TEST_CAUSE } from './alarm-notification';
import { INCIDENT_PREFIX } from './incident-prefix';
import type { MessageKind } from './message';
import type { RecipientsQuery, Step } from './recipients';

export interface EscalationDefinitionProps {
  /** Prefix of the physical names. */
  readonly name: string;
  readonly tableName: string;
  readonly selectRecipientsArn: string;
  readonly notifyArn: string;
  readonly fallbackTopicArn: string;
  readonly stateMachineArn: string;
  readonly testAlarmName: string;
  /** Console URL that lists the firing alarms. */
  readonly alarmsUrl: string;
  /** Names of alarms that suppress alarms in other regions. A composite alarm cannot do that across regions. */
  readonly suppressors: readonly string[];
  readonly steps: readonly Step[];
  readonly rotation?: RecipientsQuery['plan']['rotation'];
  readonly topics: RecipientsQuery['plan']['topics'];
  readonly repageMinutes: number;
}

export type States = Readonly<Record<string, object>>;

export const RETRY = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];
/** Retries of a call while a person waits. */
export const RETRY_SOON = [{ ...RETRY[0], MaxAttempts: 3, MaxDelaySeconds: 10 }];

export const ITEM = '$.read.Item';
export const sdk = (action: string) => `arn:${Aws.PARTITION}:states:::${action}`;
export const present = (Variable: string) => ({ Variable, IsPresent: true });
export const isTest = { Variable: '$.cause', StringEquals: TEST_CAUSE };
export const catchAll = (Next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next }];

/** Error names of a failed condition, in both DynamoDB integrations of Step Functions. */
export const REFUSED = [
  'DynamoDB.ConditionalCheckFailedException',
  'DynamoDb.ConditionalCheckFailedException',
];

/** Fields that each state passes on. All other data is read again. */
const CARRIED = ['cause', 'incident', 'execution', 'lap', 'phase', 'step', 'minutes', 'looks', 'waits'];

/** Returns a state that passes on the carried fields, with changes. */
export function pass(changes: object, Next: string): object {
  const unchanged = CARRIED.filter((field) => !(field in changes || `${field}.$` in changes));
  const Parameters = {
    ...Object.fromEntries(unchanged.map((field) => [`${field}.$`, `$.${field}`])),
    ...changes,
  };
  return { Type: 'Pass', Parameters, Next };
}

/** Creates the states that occur several times. */
export class StateMaker {
  /** Key of the incident's record. */
  readonly key = { id: { 'S.$': `States.Format('${INCIDENT_PREFIX}{}', $.cause)` } };

  constructor(readonly props: EscalationDefinitionProps) {}

  /** Updates the incident's record if the incident is still running. */
  update(UpdateExpression: string, values: object, condition = ''): object {
    return {
      Type: 'Task',
      Resource: sdk('dynamodb:updateItem'),
      Parameters: {
        TableName: this.props.tableName,
        Key: this.key,
        UpdateExpression,
        ConditionExpression: `incident = :incident AND #status = :running${condition}`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':incident': { 'S.$': '$.incident' },
          ':running': { S: 'running' },
          ...values,
        },
      },
      ResultPath: null,
      Retry: [{ ErrorEquals: REFUSED, MaxAttempts: 0 }, ...RETRY],
    };
  }

  /**
   * Publishes to the fallback topic when the usual delivery failed.
   * @param item path of the incident's record
   */
  fallback(subject: string, message: string, next: string, item = ITEM): object {
    const { name, fallbackTopicArn, alarmsUrl } = this.props;
    return {
      Type: 'Task',
      Resource: sdk('sns:publish'),
      Parameters: {
        TopicArn: fallbackTopicArn,
        Subject: `${name}: ${subject}`,
        'Message.$': `States.Format('${message} Environment ${name}, incident {}, alarms {}. Look: ${alarmsUrl}', $.incident, States.JsonToString(${item}.alarms.SS))`,
      },
      ResultPath: null,
      Retry: RETRY_SOON,
      Catch: catchAll(next),
      Next: next,
    };
  }

  /** Notifies each recipient of a list. Continues after a failed notification. */
  notifyEach(kind: MessageKind, ItemsPath: string, Next: string): object {
    const [notify, failed, goOn] = [`Notify one: ${kind}`, `Not notified: ${kind}`, `Go on: ${kind}`];
    return {
      Type: 'Map',
      ItemsPath,
      MaxConcurrency: 5,
      ItemSelector: {
        kind,
        'cause.$': '$.cause',
        'incident.$': '$.incident',
        'step.$': '$.step',
        'item.$': ITEM,
        'recipient.$': '$$.Map.Item.Value',
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: notify,
        States: {
          [notify]: {
            Type: 'Task',
            Resource: this.props.notifyArn,
            TimeoutSeconds: 60,
            Retry: RETRY_SOON,
            Catch: catchAll(failed),
            End: true,
          },
          [failed]: this.fallback(
            'somebody could not be notified',
            'A message was not sent. Read the log of the notifying function for the reason.',
            goOn,
            '$.item',
          ),
          [goOn]: { Type: 'Pass', End: true },
        },
      },
      ResultPath: null,
      Next,
    };
  }
}
