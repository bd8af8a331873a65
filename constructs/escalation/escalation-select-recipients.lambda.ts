import { CloudWatchClient, ListAlarmMuteRulesCommand } from '@aws-sdk/client-cloudwatch';
import { type Question, type Recipient, recipientsOf } from './recipients';

const cloudWatch = new CloudWatchClient({});

export interface Answer {
  /** Every alarm of the incident is muted now: nobody is to be told. */
  readonly muted: boolean;
  readonly recipients: readonly Recipient[];
}

/** Says who is told now; the rotation is asked at this moment, not when the incident began. */
export async function handler(question: Question): Promise<Answer> {
  if (await allMuted(question.alarms)) return { muted: true, recipients: [] };
  return { muted: false, recipients: recipientsOf(question, new Date()) };
}

async function allMuted(alarms: readonly string[]): Promise<boolean> {
  for (const alarm of alarms) if (!(await isMuted(alarm))) return false;
  return alarms.length > 0;
}

async function isMuted(AlarmName: string): Promise<boolean> {
  try {
    const { AlarmMuteRuleSummaries = [] } = await cloudWatch.send(
      new ListAlarmMuteRulesCommand({ AlarmName, Statuses: ['ACTIVE'], MaxRecords: 1 }),
    );
    return AlarmMuteRuleSummaries.length > 0;
  } catch (error) {
    // Who cannot be sure that nobody wants to be told tells them.
    console.warn(JSON.stringify({ level: 'warn', event: 'escalation.mute', message: String(error) }));
    return false;
  }
}
