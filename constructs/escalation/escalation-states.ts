import { Aws } from 'aws-cdk-lib';
import { TEST_CAUSE } from './alarm-notification';
import { INCIDENT_PREFIX } from './incident-prefix';
import type { Question, Step } from './recipients';

export interface EscalationDefinitionProps {
  /** Prefix of the environment's names. */
  readonly name: string;
  readonly tableName: string;
  readonly chooseArn: string;
  readonly tellArn: string;
  readonly fallbackTopicArn: string;
  readonly stateMachineArn: string;
  readonly testAlarmName: string;
  readonly steps: readonly Step[];
  readonly rotation?: Question['plan']['rotation'];
  readonly topics: Question['plan']['topics'];
  readonly repageMinutes: number;
}

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
/** A person waits for these: they are given up sooner. */
export const RETRY_SOON = [{ ...RETRY[0], MaxAttempts: 3, MaxDelaySeconds: 10 }];

export const ITEM = '$.read.Item';
export const sdk = (action: string) => `arn:${Aws.PARTITION}:states:::${action}`;
export const present = (Variable: string) => ({ Variable, IsPresent: true });
export const isTest = { Variable: '$.cause', StringEquals: TEST_CAUSE };
export const catchAll = (Next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next }];

/** As Step Functions' two ways of calling DynamoDB name it. */
export const REFUSED = [
  'DynamoDB.ConditionalCheckFailedException',
  'DynamoDb.ConditionalCheckFailedException',
];

/** The kinds of states that come more than once, for one escalation. */
export function stateMakers(props: EscalationDefinitionProps) {
  const { name } = props;
  const key = { id: { 'S.$': `States.Format('${INCIDENT_PREFIX}{}', $.cause)` } };
  const ours = { ':incident': { 'S.$': '$.incident' }, ':running': { S: 'running' } };
  const update = (UpdateExpression: string, values: object, condition = '') => ({
    Type: 'Task',
    Resource: sdk('dynamodb:updateItem'),
    Parameters: {
      TableName: props.tableName,
      Key: key,
      UpdateExpression,
      ConditionExpression: `incident = :incident AND #status = :running${condition}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ...ours, ...values },
    },
    ResultPath: null,
    Retry: [{ ErrorEquals: REFUSED, MaxAttempts: 0 }, ...RETRY],
  });
  /** Another way out, for what could not be told the usual way. */
  const fallback = (subject: string, message: string, next: string) => ({
    Type: 'Task',
    Resource: sdk('sns:publish'),
    Parameters: {
      TopicArn: props.fallbackTopicArn,
      Subject: `${name}: ${subject}`,
      'Message.$': `States.Format('${message} Environment ${name}, incident {}.', $.incident)`,
    },
    ResultPath: null,
    Retry: RETRY_SOON,
    Catch: catchAll(next),
    Next: next,
  });
  const tellEach = (kind: 'page' | 'taken' | 'cleared', ItemsPath: string, Next: string) => ({
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
      StartAt: `Tell one: ${kind}`,
      States: {
        [`Tell one: ${kind}`]: {
          Type: 'Task',
          Resource: props.tellArn,
          TimeoutSeconds: 60,
          Retry: RETRY_SOON,
          Catch: catchAll(`Could not tell one: ${kind}`),
          End: true,
        },
        [`Could not tell one: ${kind}`]: {
          ...fallback(
            'somebody could not be told',
            'A message did not go out; the log of the function that tells says why.',
            `Gone on: ${kind}`,
          ),
        },
        [`Gone on: ${kind}`]: { Type: 'Pass', End: true },
      },
    },
    ResultPath: null,
    Next,
  });
  return { key, update, fallback, tellEach };
}
