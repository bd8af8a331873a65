import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const logs = new CloudWatchLogsClient({});

/** Bytes of a log in an error message. CloudFormation takes 4,096 in all. */
const LONGEST_LOG = 1000;

/** The log of a task, as the `awslogs` driver writes it. */
export interface TaskLog {
  readonly LogGroup: string;
  readonly LogStreamPrefix: string;
  readonly Container: string;
}

/** Returns the end of a task's log, as far as it has arrived. A failure must not hide the reason of the caller. */
export async function lastLogLines(log: TaskLog, taskArn: string): Promise<string> {
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: log.LogGroup,
        logStreamName: `${log.LogStreamPrefix}/${log.Container}/${taskArn.split('/').at(-1)}`,
        limit: 10,
      }),
    );
    const lines = Buffer.from(events.map(({ message }) => `\n${message}`).join(''));
    if (lines.length <= LONGEST_LOG) return lines.toString();
    // The cut may be inside a character, the rest of which is not valid.
    return `\n…${lines
      .subarray(-LONGEST_LOG)
      .toString()
      .replace(/^\ufffd+/, '')}`;
  } catch (error) {
    return `\n(its log could not be read: ${error instanceof Error ? error.message : error})`;
  }
}
