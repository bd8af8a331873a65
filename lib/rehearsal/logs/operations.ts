import { missing, type Operations } from '../core/aws-api';
import type { Stage } from '../core/stage';

/** API operations of CloudWatch Logs. */
export function logsOperations({ logs }: Stage): Operations {
  return {
    'logs:GetLogEvents': ({ logStreamName, limit }) => {
      const stream = logs.get(String(logStreamName)) ?? missing(logStreamName);
      return { events: stream.lines.slice(-Number(limit ?? 100)).map((message) => ({ message })) };
    },
  };
}
