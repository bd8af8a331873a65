import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import { type Recipient, type RecipientsQuery, recipientsOf } from './recipients';

const cloudWatch = new CloudWatchClient({});

export interface SelectedRecipients {
  /** True if every alarm of the incident is muted or suppressed now. Then nobody is notified. */
  readonly muted: boolean;
  readonly recipients: readonly Recipient[];
}

/** Selects the recipients of a step, including the person who is on call now. */
export async function handler(query: RecipientsQuery): Promise<SelectedRecipients> {
  if ((await allMuted(query.alarms)) || (await isSuppressed(query))) return { muted: true, recipients: [] };
  return { muted: false, recipients: recipientsOf(query, new Date()) };
}

async function allMuted(alarms: readonly string[]): Promise<boolean> {
  for (const alarm of alarms) if (!(await isMuted(alarm))) return false;
  return alarms.length > 0;
}

/**
 * True if all alarms fire in another region and an alarm in this region suppresses them. A composite alarm cannot do
 * that, because its rule reads alarms in its own region only.
 */
async function isSuppressed({ alarms, item, suppressors = [] }: RecipientsQuery): Promise<boolean> {
  const elsewhere = item?.['elsewhere']?.SS ?? [];
  if (suppressors.length === 0 || !alarms.every((alarm) => elsewhere.includes(alarm))) return false;
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: [...suppressors],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        StateValue: 'ALARM',
      }),
    );
    return MetricAlarms.length + CompositeAlarms.length > 0;
  } catch (error) {
    // If the state is unknown, notify anyway.
    console.warn(JSON.stringify({ level: 'warn', event: 'escalation.suppressed', message: String(error) }));
    return false;
  }
}

async function isMuted(AlarmName: string): Promise<boolean> {
  try {
    const { AlarmMuteRuleSummaries = [] } = await cloudWatch.send(
      new ListAlarmMuteRulesCommand({ AlarmName, Statuses: ['ACTIVE'], MaxRecords: 1 }),
    );
    return AlarmMuteRuleSummaries.length > 0;
  } catch (error) {
    // If the mute state is unknown, notify anyway.
    console.warn(JSON.stringify({ level: 'warn', event: 'escalation.mute', message: String(error) }));
    return false;
  }
}
