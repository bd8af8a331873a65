import { Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import { AlarmTopic } from './escalation-topics';
import type { IncidentTable } from './incident-table';
import { type IntakeSettings, SETTINGS } from './settings';

export interface EscalationIntakeProps {
  /** Prefix of physical names. */
  readonly name: string;
  readonly key: IKey;
  readonly incidents: IncidentTable;
  readonly stateMachine: StateMachine;
  /** ARN of the state machine, built from its name. */
  readonly stateMachineArn: string;
}

/** Number of deliveries before a message moves to the dead-letter queue: half an hour. */
const RECEIVES = 20;
const HANDLER_SECONDS = 15;

/**
 * The path from alarms to incidents.
 *
 * Defines the topic for alarms that page, a queue with a dead-letter queue, and a function. The function opens an
 * incident or adds the alarm to the running one.
 */
export class EscalationIntake extends Construct {
  readonly topic: Topic;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly handler: HandlerFunction;

  constructor(scope: Construct, id: string, props: EscalationIntakeProps) {
    super(scope, id);
    const { name, key, incidents, stateMachine, stateMachineArn } = props;
    const stack = Stack.of(this);

    this.topic = new AlarmTopic(this, 'Page', { topicName: pageTopicName(name), key }).topic;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: pageQueueName(name),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * HANDLER_SECONDS),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
    this.topic.addSubscription(
      new SqsSubscription(this.queue, { rawMessageDelivery: true, deadLetterQueue: this.deadLetters }),
    );
    this.receiveFromUsEast1(name);

    this.handler = new HandlerFunction(this, 'Handler', {
      bundle: 'escalation-intake',
      description: `Opens incidents of ${name}`,
      timeout: Duration.seconds(HANDLER_SECONDS),
      environment: {
        [SETTINGS]: stack.toJsonString({
          table: incidents.table.tableName,
          stateMachineArn,
          region: stack.region,
        } satisfies IntakeSettings),
      },
    });
    const { function: handler } = this.handler;
    handler.addEventSource(new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true }));
    incidents.grant(handler, 'GetItem', 'PutItem', 'UpdateItem');
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
    );
    const executions = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:*`;
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
    );
    acknowledge(
      handler.role!,
      `IAM5[Resource::${executions}]`,
      'Executions are named when an incident begins; the wildcard covers the executions of one state machine.',
    );
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
    acknowledge(
      handler.role!,
      'IAM5[Resource::*]',
      'cloudwatch:DescribeAlarms supports no resource-level permissions.',
    );
    handler.node.addDependency(stateMachine);
  }

  /**
   * Lets the forwarder's topic in us-east-1 send to the queue. The topic is named, not referenced, because it may not
   * exist yet.
   */
  private receiveFromUsEast1(name: string): void {
    const { region } = Stack.of(this);
    if (region === EDGE_REGION) return;
    // In an opt-in region, SNS delivers with the regional service principal, so the region must be known.
    const optIn = !Token.isUnresolved(region) && RegionInfo.get(region).isOptInRegion;
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PagesFromTheEdge',
        principals: [new ServicePrincipal(optIn ? `sns.${region}.amazonaws.com` : 'sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        // The ARN also contains the account.
        conditions: { ArnEquals: { 'aws:SourceArn': edgeTopicArn(name) } },
      }),
    );
  }
}

/** Region of CloudFront's metrics. */
export const EDGE_REGION = 'us-east-1';

/** Name of the topic for pages. The name is the same in every region. */
export function pageTopicName(name: string): string {
  return `${name}-page`;
}

export function pageQueueName(name: string): string {
  return `${name}-pages`;
}

function edgeTopicArn(name: string): string {
  return `arn:${Aws.PARTITION}:sns:${EDGE_REGION}:${Aws.ACCOUNT_ID}:${pageTopicName(name)}`;
}
