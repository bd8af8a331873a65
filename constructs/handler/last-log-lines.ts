import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { lastError } from './crash-reason';

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
 * Returns the last lines of a task's log, or the last error if it is further up. If the log cannot be read, the text says so, because an error thrown here
 * would hide the caller's reason.
 */
export async function lastLogLines(log: TaskLog, taskArn: string): Promise<string> {
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: log.LogGroup,
        logStreamName: `${log.LogStreamPrefix}/${log.Container}/${taskArn.split('/').at(-1)}`,
        limit: 100,
      }),
    );
    const all = events.map(({ message = '' }) => message);
    const last = all.slice(-10);
    const error = lastError(all);
    // Drivers of databases print some 20 properties below an error.
    const shown = error && !last.includes(error[0]!) ? error : last;
    const lines = Buffer.from(shown.map((line) => `\n${line}`).join(''));
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
