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

/** What the first invocation hands to the polling ones. */
interface Started {
  readonly PhysicalResourceId: string;
  /** Whether there is anything to compare; a string, as CloudFormation's provider hands it on. */
  readonly Compare: 'yes' | 'no';
  /** When the release began to be watched, in milliseconds. */
  readonly From?: string;
  /** The query that asks for what was usual. */
  readonly UsualQuery?: string;
}

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: ErrorComparisonProperties };

/** What was usual is what the day before had. */
const DAY_MS = 24 * 3_600_000;
/** How long lines may take until a query finds them. */
const ARRIVAL_MINUTES = 1;
/** How long after that an answer is waited for. */
const PATIENCE_MINUTES = 3;
const UNFINISHED: readonly (QueryStatus | undefined)[] = ['Scheduled', 'Running'];

export const handler = polledResource({ onEvent, isComplete, intervalMs: 60_000 });

/** Takes the time, and asks what was usual until now. */
export async function onEvent(event: Event): Promise<Started> {
  const PhysicalResourceId =
    'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
  const skip = (why: string): Started => {
    log('info', `nothing is compared: ${why}`);
    return { PhysicalResourceId, Compare: 'no' };
  };
  const reason = await reasonToSkip(event);
  if (reason) return skip(reason);

  const from = Date.now();
  const { LogGroup, StreamPrefix, Minutes } = event.ResourceProperties;
  const { StreamPrefix: before } = event['OldResourceProperties' as keyof Event] as ErrorComparisonProperties;
  // Whatever served until now is what it is compared with: the release in the template is not what users had
  // when people went back by hand.
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
    return skip(`Logs Insights cannot be asked: ${error}`);
  }
}

/** Fails as soon as a class has risen; is complete when the time is over and none has. */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || event.Compare !== 'yes') return { IsComplete: true };
  const { LogGroup, StreamPrefix, Minutes, Tolerated, Times } = event.ResourceProperties;
  const minute = Number(process.env['MINUTE_MS'] ?? 60_000);
  const from = Number(event.From);
  const to = from + Number(Minutes) * minute;
  const query = classesQuery(StreamPrefix);
  const answer = await bothAnswers(event.UsualQuery!, LogGroup, query, from, Math.min(Date.now(), to));
  if (answer) {
    const risen = risenClasses(answer.now, answer.usual, {
      tolerated: Number(Tolerated),
      times: Number(Times),
    });
    if (risen.length > 0) {
      const link = { region: process.env['AWS_REGION']!, logGroup: LogGroup, query, from, to };
      throw new Error(
        [
          `the release logs errors that were not there before, within ${Minutes} minutes:`,
          ...risen.slice(0, 5).map((one) => `${one.name}: ${one.count}, ${usual(one.before, Minutes)}`),
          ...(risen.length > 5 ? [`and ${risen.length - 5} more`] : []),
          queryLink(link),
        ].join('\n'),
      );
    }
    if (Date.now() >= to + ARRIVAL_MINUTES * minute) {
      log('info', `no class of errors has risen; ${[...answer.now].length} are as before, or few`);
      return { IsComplete: true };
    }
  } else if (Date.now() >= to + (ARRIVAL_MINUTES + PATIENCE_MINUTES) * minute) {
    // A release is not taken back because nobody could look at its log.
    log('warn', 'Logs Insights gave no answer: the errors of this release were not compared');
    return { IsComplete: true };
  }
  return { IsComplete: false };
}

const usual = (most: number, minutes: string): string =>
  most === 0 ? 'none in the day before' : `at most ${most} in any ${minutes} minutes of the day before`;

async function reasonToSkip(event: Event): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return 'it is deleted';
  if (event.RequestType === 'Create') return 'there is no release before the first';
  const { Release } = event.OldResourceProperties as unknown as ErrorComparisonProperties;
  if (Release === event.ResourceProperties.Release) return 'the release is the same';
  try {
    const status = await stackStatus(event.StackId);
    return status.includes('ROLLBACK') ? 'the stack goes back' : undefined;
  } catch (error) {
    // On the way back nothing may fail, and in doubt that is where this is.
    return `the stack cannot be described: ${error}`;
  }
}

/** Both counts; nothing where one of them is not to be had at the moment. */
async function bothAnswers(
  usualQuery: string,
  logGroup: string,
  query: string,
  from: number,
  to: number,
): Promise<{ usual: ErrorClasses; now: ErrorClasses } | undefined> {
  try {
    const before = await resultsOf(usualQuery);
    const now = before && (await resultsOf(await startQuery(logGroup, query, from, to)));
    return before && now && { usual: before, now };
  } catch (error) {
    if (isRefused(error)) throw error;
    log('warn', `Logs Insights cannot be asked: ${error}`);
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

/** Errors by class; nothing while a query has not come to its end, or when it never does. */
async function resultsOf(queryId: string): Promise<ErrorClasses | undefined> {
  const end = Date.now() + 40_000;
  for (;;) {
    const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const rows = results.map((row) => new Map(row.map(({ field, value }) => [field, value ?? ''])));
      return new Map(rows.map((row) => [row.get('class') ?? '', Number(row.get('errors'))]));
    }
    if (!UNFINISHED.includes(status) || Date.now() > end) {
      log('warn', `a query of Logs Insights is ${status}`);
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, Number(process.env['POLL_MS'] ?? 1000)));
  }
}

function log(level: 'info' | 'warn', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
