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
  /** ARN of the state machine, by its name. */
  readonly stateMachineArn: string;
}

/** Deliveries of a message before it becomes a dead letter: half an hour. */
const RECEIVES = 20;
const HANDLER_SECONDS = 15;

/**
 * The way from alarms to incidents.
 *
 * Defines the topic for alarms that page, a queue behind the topic with a queue of dead letters, and a function that
 * opens an incident or adds the alarm to the one that runs.
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
    this.takeFromTheEdge(name);

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
      'An execution gets its name when an incident begins; the pattern is of one state machine.',
    );
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
    acknowledge(handler.role!, 'IAM5[Resource::*]', 'cloudwatch:DescribeAlarms takes no resource.');
    handler.node.addDependency(stateMachine);
  }

  /** Lets the forwarder's topic in us-east-1 send to the queue. The topic is known by name and may not exist yet. */
  private takeFromTheEdge(name: string): void {
    const { region } = Stack.of(this);
    if (region === EDGE_REGION) return;
    // SNS delivers to an opt-in region as the service of that region, which has to be known for that.
    const optIn = !Token.isUnresolved(region) && RegionInfo.get(region).isOptInRegion;
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PagesFromTheEdge',
        principals: [new ServicePrincipal(optIn ? `sns.${region}.amazonaws.com` : 'sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        // The ARN names the account, too.
        conditions: { ArnEquals: { 'aws:SourceArn': edgeTopicArn(name) } },
      }),
    );
  }
}

/** Region of CloudFront's metrics. */
export const EDGE_REGION = 'us-east-1';

/** Name of the topic for pages, in every region. */
export function pageTopicName(name: string): string {
  return `${name}-page`;
}

export function pageQueueName(name: string): string {
  return `${name}-pages`;
}

function edgeTopicArn(name: string): string {
  return `arn:${Aws.PARTITION}:sns:${EDGE_REGION}:${Aws.ACCOUNT_ID}:${pageTopicName(name)}`;
}
