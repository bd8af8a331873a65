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
  /** Its ARN, by its name. */
  readonly stateMachineArn: string;
}

/** Times a message is tried before it counts as dead: half an hour. */
const RECEIVES = 20;
const HANDLER_SECONDS = 15;

/**
 * Turns alarms into incidents.
 *
 * Defines the topic that is the action of alarms that page, a queue behind it with its dead letters, and the
 * function that opens an incident or lets an alarm join the one that is running.
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
      'An execution is named when an incident begins; these are those of this one state machine.',
    );
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
    acknowledge(
      handler.role!,
      'IAM5[Resource::*]',
      'CloudWatch describes alarms to those only who may see all of them.',
    );
    handler.node.addDependency(stateMachine);
  }

  /** Lets the topic of the same name in us-east-1 send here: known by its name, whichever is made first. */
  private takeFromTheEdge(name: string): void {
    const { region } = Stack.of(this);
    if (Token.isUnresolved(region) || region === EDGE_REGION) return;
    // Into a region that has to be opted into, SNS delivers as the service of that region.
    const optIn = RegionInfo.get(region).isOptInRegion;
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PagesFromTheEdge',
        principals: [new ServicePrincipal(optIn ? `sns.${region}.amazonaws.com` : 'sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        // It names the account, too.
        conditions: { ArnEquals: { 'aws:SourceArn': edgeTopicArn(name) } },
      }),
    );
  }
}

/** The region of CloudFront's own metrics. */
export const EDGE_REGION = 'us-east-1';

/** What the topic that pages is called, in whichever region. */
export function pageTopicName(name: string): string {
  return `${name}-page`;
}

export function pageQueueName(name: string): string {
  return `${name}-pages`;
}

function edgeTopicArn(name: string): string {
  return `arn:${Aws.PARTITION}:sns:${EDGE_REGION}:${Aws.ACCOUNT_ID}:${pageTopicName(name)}`;
}
