import { createHash } from 'node:crypto';
import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Contact } from './escalation-plan';

export interface EscalationTopicsProps {
  /** Prefix of the topics' names. */
  readonly name: string;
  readonly key: IKey;
  readonly contacts: readonly Contact[];
  readonly ticketEmails: readonly string[];
  readonly fallbackEmails: readonly string[];
}

/**
 * The topics that deliver messages.
 *
 * Defines a topic for each contact with e-mail and text message subscriptions, a topic for tickets, and a fallback
 * topic for pages that could not be delivered.
 */
export class EscalationTopics extends Construct {
  readonly ticket: Topic;
  readonly fallback: Topic;
  /** Topics by the names of contacts. */
  readonly contacts: Readonly<Record<string, Topic>>;
  /** Topics that need subscribers, with the number of subscriptions, by owner. */
  readonly watched: Readonly<Record<string, { readonly topic: Topic; readonly subscriptions: number }>>;

  constructor(scope: Construct, id: string, props: EscalationTopicsProps) {
    super(scope, id);
    const { name, key, contacts } = props;
    this.ticket = new AlarmTopic(this, 'Ticket', { topicName: `${name}-ticket`, key }).topic;
    this.fallback = new AlarmTopic(this, 'Fallback', { topicName: `${name}-escalation-fallback`, key }).topic;
    for (const email of new Set(props.ticketEmails))
      this.ticket.addSubscription(new EmailSubscription(email));
    for (const email of new Set(props.fallbackEmails))
      this.fallback.addSubscription(new EmailSubscription(email));
    this.contacts = Object.fromEntries(
      contacts.map(({ name: contact, email, phone }) => {
        // Two names may differ only in characters that a construct id cannot contain.
        const hash = createHash('sha256').update(contact).digest('hex').slice(0, 8);
        const topic = new Topic(this, `Contact${hash}`, {
          displayName: name,
          masterKey: key,
          enforceSSL: true,
        });
        if (email) topic.addSubscription(new EmailSubscription(email));
        if (phone) topic.addSubscription(new SmsSubscription(phone));
        return [contact, topic];
      }),
    );
    // A contact's name cannot begin with a bracket. The fallback topic needs a subscriber even if no address is
    // configured.
    this.watched = {
      '(fallback)': { topic: this.fallback, subscriptions: Math.max(1, props.fallbackEmails.length) },
      ...(props.ticketEmails.length > 0 && {
        '(tickets)': { topic: this.ticket, subscriptions: props.ticketEmails.length },
      }),
      ...Object.fromEntries(
        contacts.map(({ name: contact, email, phone }) => [
          contact,
          {
            topic: this.contacts[contact]!,
            subscriptions: [email, phone].filter((address) => address !== undefined).length,
          },
        ]),
      ),
    };
  }
}

export interface AlarmTopicProps {
  readonly topicName: string;
  readonly key: IKey;
}

/**
 * A topic for alarm actions.
 *
 * Defines an encrypted topic. Only alarms of this account and region can publish to it, and only over TLS.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { topicName, key }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Resource', { topicName, masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
  }
}

/**
 * Returns a key for topics that alarms publish to. CloudWatch cannot publish with the AWS managed key of SNS. The
 * policy has the condition `aws:SourceAccount`, not `kms:CallerAccount`, because CloudWatch calls KMS as a service.
 * @param existing your key; CloudWatch is allowed to use it
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function alarmKey(scope: Construct, description: string, existing?: IKey): IKey {
  const key =
    existing ??
    new Key(scope, 'Key', { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsToTopics',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return key;
}

/** Grants publishing to encrypted topics, without the wildcards of aws-cdk-lib's own grant. */
export function grantPublish(grantee: IGrantable, key: IKey, topics: readonly ITopic[]): void {
  if (topics.length === 0) return;
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['sns:Publish'], resources: topics.map(({ topicArn }) => topicArn) }),
  );
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  );
}
