import { parseNotification } from '../../constructs/escalation/alarm-notification';
import { type Message, messageOf } from '../../constructs/escalation/message';

/** Alarm in the form of the CloudWatch API. */
export interface DescribedAlarm {
  readonly alarmName: string;
  readonly alarmDescription: string;
}

/** Returns a page as e-mail and as text message, written by the code that sends them, for `docs/on-call.md`. */
export function examplePage(alarm: DescribedAlarm): string {
  const { subject, email, sms } = page(alarm);
  return `\`\`\`\nSubject: ${subject}\n\n${email.trim()}\n\`\`\`\n\n\`\`\`\n${sms}\n\`\`\``;
}

function page({ alarmName, alarmDescription }: DescribedAlarm): Message {
  const { facts, cause, at } = parseNotification(
    JSON.stringify({
      AlarmName: alarmName,
      AlarmDescription: alarmDescription,
      AlarmArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`,
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 2 out of the last 3 datapoints [12.5 (21/12/26 02:14:00), 9.75 (21/12/26 02:09:00)] were greater than the threshold (5.0).',
      StateChangeTime: '2026-12-21T02:19:00.000Z',
      Trigger: { Threshold: 5 },
    }),
  );
  return messageOf(
    {
      kind: 'page',
      test: false,
      incident: 'application-20261221T021900-7a1c03fe',
      cause,
      since: at,
      now: new Date('2026-12-21T02:20:00Z'),
      alarms: [alarmName],
      facts,
      acknowledge: { link: 'https://6l2ny4example.lambda-url.us-east-1.on.aws/Jq8s0c1mD5kR7vXw2ZtB9A' },
      release: { id: '3f9a1c0b7d2e4f68', since: '2026-12-20T14:03:00Z' },
    },
    {
      name: 'example-production',
      table: '',
      region: 'us-east-1',
      acknowledgeFunction: '',
      runbooks: 'https://git.example.com/framework53-cdk/blob/main/',
      dashboard: 'example-production',
      rollbackCommand: 'framework53 rollback --env production',
    },
  );
}
