import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type QueryStatus,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { polledResource } from '../handler/polled-handler';
import { isRefused } from '../handler/refusal';
import { stackStatus } from '../handler/stack-status';
import { classesQuery, type ErrorClasses, queryLink, risenClasses, usualClassesQuery } from './error-classes';
import type { ErrorComparisonProperties } from './error-comparison.properties';

const logs = new CloudWatchLogsClient({});

/** State of the work, which each poll receives. */
interface Started {
  readonly PhysicalResourceId: string;
  /** `yes` if there are earlier errors to compare with. */
  readonly Compare: 'yes' | 'no';
  /** Time at which the watch began, in milliseconds since 1970. */
  readonly From?: string;
  /** Id of the query for the errors of the previous 24 hours. */
  readonly UsualQuery?: string;
}

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: ErrorComparisonProperties };

/** Length of the period with which the errors are compared. */
const DAY_MS = 24 * 3_600_000;
/** Time until Logs Insights finds new log lines. */
const ARRIVAL_MINUTES = 1;
/** Additional time for which the handler waits for a result of Logs Insights. */
const RESULT_MINUTES = 3;
/** Time for which a poll waits for both queries, in milliseconds. After that time, the next poll repeats the query. */
const QUERY_TIMEOUT_MS = 40_000;
const UNFINISHED: readonly (QueryStatus | undefined)[] = ['Scheduled', 'Running'];

export const handler = polledResource({ onEvent, isComplete, intervalMs: 60_000 });

/** Begins the watch, and starts the query for the errors of the previous 24 hours. */
export async function onEvent(event: Event): Promise<Started> {
  const PhysicalResourceId =
    'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
  const skip = (why: string): Started => {
    log('info', `no comparison: ${why}`);
    return { PhysicalResourceId, Compare: 'no' };
  };
  const reason = await reasonToSkip(event);
  if (reason) return skip(reason);

  const from = Date.now();
  const { LogGroup, StreamPrefix, Minutes } = event.ResourceProperties;
  const { StreamPrefix: before } = event['OldResourceProperties' as keyof Event] as ErrorComparisonProperties;
  // Compare with all log streams of other releases. After a rollback by hand, the previous release of the template is
  // not the one that users had.
  const query = usualClassesQuery(Number(Minutes), before === StreamPrefix ? undefined : StreamPrefix);
  try {
    return {
      PhysicalResourceId,
      Compare: 'yes',
      From: String(from),
      UsualQuery: await startQuery(LogGroup, query, from - DAY_MS, from),
    };
  } catch (error) {
    if (isRefused(error)) throw error;
    return skip(`Logs Insights cannot be queried: ${error}`);
  }
}

/** Fails as soon as a class of errors is new or too frequent. Completes at the end of the period. */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || event.Compare !== 'yes') return { IsComplete: true };
  const { LogGroup, StreamPrefix, Minutes, Tolerated, Times } = event.ResourceProperties;
  const minute = Number(process.env['MINUTE_MS'] ?? 60_000);
  const from = Number(event.From);
  const to = from + Number(Minutes) * minute;
  const query = classesQuery(StreamPrefix);
  const answer = await bothCounts(event.UsualQuery!, LogGroup, query, from, Math.min(Date.now(), to));
  if (answer) {
    const risen = risenClasses(answer.now, answer.usual, {
      tolerated: Number(Tolerated),
      factor: Number(Times),
    });
    if (risen.length > 0) {
      const link = { region: process.env['AWS_REGION']!, logGroup: LogGroup, query, from, to };
      throw new Error(
        [
          `the release logs new or more frequent errors, within ${Minutes} minutes:`,
          ...risen.slice(0, 5).map((one) => `${one.name}: ${one.count}, ${usual(one.before, Minutes)}`),
          ...(risen.length > 5 ? [`and ${risen.length - 5} more`] : []),
          queryLink(link),
        ].join('\n'),
      );
    }
    if (Date.now() >= to + ARRIVAL_MINUTES * minute) {
      log('info', `no class of errors is new or too frequent; number of classes: ${[...answer.now].length}`);
      return { IsComplete: true };
    }
  } else if (Date.now() >= to + (ARRIVAL_MINUTES + RESULT_MINUTES) * minute) {
    // An unreadable log is no reason to roll back a release.
    log('warn', 'Logs Insights returned no result, so the errors of this release were not compared');
    return { IsComplete: true };
  }
  return { IsComplete: false };
}

const usual = (most: number, minutes: string): string =>
  most === 0
    ? 'none in the 24 hours before'
    : `at most ${most} in any ${minutes} minutes of the 24 hours before`;

async function reasonToSkip(event: Event): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return 'the resource is being deleted';
  if (event.RequestType === 'Create') return 'this is the first release';
  const { Release } = event.OldResourceProperties as unknown as ErrorComparisonProperties;
  if (Release === event.ResourceProperties.Release) return 'the release is the same';
  try {
    const status = await stackStatus(event.StackId);
    return status.includes('ROLLBACK') ? 'the stack is rolling back' : undefined;
  } catch (error) {
    // If the status is unknown, assume a rollback, during which the resource must not fail.
    return `the status of the stack cannot be read: ${error}`;
  }
}

/** Returns both counts, or undefined if one of them is not available yet. */
async function bothCounts(
  usualQuery: string,
  logGroup: string,
  query: string,
  from: number,
  to: number,
): Promise<{ usual: ErrorClasses; now: ErrorClasses } | undefined> {
  try {
    const end = Date.now() + QUERY_TIMEOUT_MS;
    const before = await resultsOf(usualQuery, end);
    const now = before && (await resultsOf(await startQuery(logGroup, query, from, to), end));
    return before && now && { usual: before, now };
  } catch (error) {
    if (isRefused(error)) throw error;
    log('warn', `Logs Insights cannot be queried: ${error}`);
    return undefined;
  }
}

async function startQuery(
  logGroupName: string,
  queryString: string,
  from: number,
  to: number,
): Promise<string> {
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupName,
      queryString,
      startTime: Math.floor(from / 1000),
      endTime: Math.ceil(to / 1000),
    }),
  );
  return queryId!;
}

/** Returns the errors by class, or undefined if the query failed or is still running at `end`. */
async function resultsOf(queryId: string, end: number): Promise<ErrorClasses | undefined> {
  for (;;) {
    const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const rows = results.map((row) => new Map(row.map(({ field, value }) => [field, value ?? ''])));
      return new Map(rows.map((row) => [row.get('class') ?? '', Number(row.get('errors'))]));
    }
    if (!UNFINISHED.includes(status) || Date.now() > end) {
      log('warn', `a Logs Insights query has the status ${status}`);
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, Number(process.env['POLL_MS'] ?? 1000)));
  }
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
