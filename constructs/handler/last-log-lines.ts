import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const logs = new CloudWatchLogsClient({});

/** Maximum size of log lines in an error message, in bytes. CloudFormation accepts 4,096 bytes for a whole response. */
const MAX_LOG_BYTES = 1000;

/** Log of a task that uses the `awslogs` driver. */
export interface TaskLog {
  readonly LogGroup: string;
  readonly LogStreamPrefix: string;
  readonly Container: string;
}

/**
 * Returns the last lines of a task's log. If the log cannot be read, the text says so, because an error thrown here
 * would hide the caller's reason.
 */
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
    if (lines.length <= MAX_LOG_BYTES) return lines.toString();
    // The cut may split a character, whose remaining bytes are invalid.
    return `\n…${lines
      .subarray(-MAX_LOG_BYTES)
      .toString()
      .replace(/^\ufffd+/, '')}`;
  } catch (error) {
    return `\n(its log could not be read: ${error instanceof Error ? error.message : error})`;
  }
}
