import { createHash, randomBytes } from 'node:crypto';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ReleaseHistory } from '../release-record/release-history';
import { TEST_CAUSE } from './alarm-notification';
import { type Incident, incidentOf } from './incident';
import { Incidents } from './incidents';
import { type Message, type MessageFacts, type MessageKind, messageOf } from './message';
import type { Recipient } from './recipients';
import { type NotifySettings, settings } from './settings';
import { callWebhook } from './webhook';

const dynamo = new DynamoDBClient({});
const sns = new SNSClient({});
const secrets = new SecretsManagerClient({});
const parameters = new SSMClient({});

/** Hours for which a link is valid. */
const LINK_HOURS = 24;

/** Input from the state machine. */
export interface Notification {
  readonly kind: MessageKind;
  readonly cause: string;
  readonly incident: string;
  readonly step: number;
  /** The incident's record in the table. */
  readonly item: Record<string, AttributeValue>;
  /** The recipient; a JSON string if it comes from the table. */
  readonly recipient: Recipient | string;
}

/** Notifies one recipient. This function creates the acknowledge link, so that no execution log contains it. */
export async function handler({ kind, cause, item, ...notification }: Notification): Promise<void> {
  const env = settings<NotifySettings>();
  const recipient: Recipient =
    typeof notification.recipient === 'string' ? JSON.parse(notification.recipient) : notification.recipient;
  const incident = incidentOf(cause, item);
  const name = recipient.kind === 'contact' ? recipient.name : '';
  // Do not notify the person who acknowledged.
  const { acknowledgedBy } = incident;
  if (kind === 'taken' && name !== '' && name === acknowledgedBy) return;
  if (kind === 'joined' && acknowledgedBy !== name && isNotified(incident, acknowledgedBy)) return;

  const incidents = new Incidents(dynamo, env.table);
  const now = new Date();
  const message = messageOf(
    {
      kind,
      test: cause === TEST_CAUSE,
      ...incident,
      now,
      ...(kind === 'page' && {
        acknowledge: await invitation(incidents, incident, name, now, env),
        release: await lastRelease(env.name),
      }),
    },
    env,
  );
  await send(recipient, message, env);
  if (kind === 'page') await incidents.recordNotified(cause, incident.incident, JSON.stringify(recipient));
  console.log(
    JSON.stringify({
      level: 'info',
      event: 'escalation.told',
      kind,
      incident: incident.incident,
      step: notification.step,
      recipient: recipient.kind,
    }),
  );
}

/** True if a contact of this name was notified of the incident. A person can acknowledge under another name. */
function isNotified({ told }: Incident, name: string | undefined): boolean {
  return told.some((json) => {
    const recipient = JSON.parse(json) as Recipient;
    return recipient.kind === 'contact' && recipient.name === name;
  });
}

async function invitation(
  incidents: Incidents,
  { cause, incident }: Incident,
  name: string,
  now: Date,
  { acknowledgeUrl, acknowledgeFunction, region }: NotifySettings,
): Promise<NonNullable<MessageFacts['acknowledge']>> {
  if (!acknowledgeUrl) {
    const by = name || 'YOUR NAME';
    // The shell command puts the payload in single quotes, and names may contain single quotes.
    const payload = JSON.stringify({ cause, incident, by }).replaceAll("'", '\\u0027');
    return {
      command: `aws lambda invoke --function-name ${acknowledgeFunction} --region ${region} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`,
    };
  }
  const id = randomBytes(16).toString('base64url');
  const expires = Math.floor(now.getTime() / 1000) + LINK_HOURS * 3600;
  await incidents.invite(createHash('sha256').update(id).digest('hex'), { cause, incident, name, expires });
  return { link: `${acknowledgeUrl}${id}` };
}

/** Returns the live release. If it cannot be read, the page is sent without it. */
async function lastRelease(name: string): Promise<MessageFacts['release']> {
  try {
    const entries = await new ReleaseHistory(name, parameters).read();
    const release = entries.find(({ kind }) => kind !== 'migrations');
    return release && { id: release.releaseId, since: release.at.toISOString() };
  } catch (error) {
    console.warn(JSON.stringify({ level: 'warn', event: 'escalation.release', message: String(error) }));
    return undefined;
  }
}

async function send(recipient: Recipient, message: Message, { webhook }: NotifySettings): Promise<void> {
  if (recipient.kind === 'webhook') {
    if (!webhook) throw new Error('the escalation has no webhook');
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: webhook.secretArn }));
    return callWebhook(webhook.url, SecretString!, message.json);
  }
  const { subject, email, sms, json } = message;
  await sns.send(
    new PublishCommand({
      TopicArn: recipient.topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({
        default: recipient.kind === 'topic' ? JSON.stringify(json) : email,
        email,
        sms,
      }),
      // Transactional messages are delivered more reliably than promotional ones, and may cost more.
      MessageAttributes: {
        'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
      },
    }),
  );
}
