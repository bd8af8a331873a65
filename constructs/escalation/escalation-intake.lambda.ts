import { createHash } from 'node:crypto';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import {
  type AlarmFacts,
  type AlarmNotification,
  newestValue,
  parseNotification,
} from './alarm-notification';
import type { Incident } from './incident';
import { Incidents, type OpeningAlarm } from './incidents';
import { type IntakeSettings, settings } from './settings';

const dynamo = new DynamoDBClient({});
const stepFunctions = new SFNClient({});
const cloudWatch = new CloudWatchClient({});

/**
 * Number of attempts to change an incident that others change at the same time. After that, the queue delivers the
 * message again.
 */
const ATTEMPTS = 5;
/** Milliseconds within which the execution of a recorded incident must have started. */
const STARTING_MILLISECONDS = 30_000;

/** Opens an incident for each alarm, or adds the alarm to the running incident. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      const outcome = await take(parseNotification(body));
      console.log(JSON.stringify({ level: 'info', event: 'escalation.intake', messageId, ...outcome }));
    } catch (error) {
      failed.push(messageId);
      console.error(
        JSON.stringify({ level: 'error', event: 'escalation.intake', messageId, message: String(error) }),
      );
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

interface Outcome {
  readonly alarm: string;
  readonly did: 'nothing' | 'opened' | 'joined' | 'cleared';
  readonly incident?: string;
}

async function take(notification: AlarmNotification): Promise<Outcome> {
  const { table, region } = settings<IntakeSettings>();
  const { cause, at } = notification;
  const { alarm } = notification.facts;
  const incidents = new Incidents(dynamo, table);
  const elsewhere = notification.facts.region !== region;
  if (notification.state !== 'ALARM') {
    // The state machine reads the states of alarms in this region itself.
    const running = elsewhere ? await incidents.read(cause) : undefined;
    if (running?.status !== 'running' || !running.alarms.includes(alarm)) return { alarm, did: 'nothing' };
    await incidents.clear(cause, running.incident, alarm, at);
    return { alarm, did: 'cleared', incident: running.incident };
  }
  const beginning: OpeningAlarm = {
    cause,
    incident: nameOf(notification),
    at,
    facts: await withChildren(notification),
    elsewhere,
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const outcome = await openOrJoin(incidents, beginning);
    if (outcome) return outcome;
  }
  throw new Error(`${alarm}: the incident of cause '${cause}' changed during every attempt`);
}

/** Returns undefined if another invocation changed the incident first. */
async function openOrJoin(incidents: Incidents, beginning: OpeningAlarm): Promise<Outcome | undefined> {
  const { cause, incident, facts } = beginning;
  const known = await incidents.open(beginning);
  if (!known || (known.incident === incident && known.status === 'running')) {
    // A duplicate message starts the execution again. The same name makes the second start a no-op.
    await start(cause, incident);
    return { alarm: facts.alarm, did: known ? 'nothing' : 'opened', incident };
  }
  // The message was delivered again after the end of the incident.
  if (known.incident === incident) return { alarm: facts.alarm, did: 'nothing', incident };
  if (known.status !== 'running') return undefined;
  if (!(await hasRunningExecution(known))) {
    if (await incidents.open(beginning, known)) return undefined;
    await start(cause, incident);
    return { alarm: facts.alarm, did: 'opened', incident };
  }
  const refusedBy = await incidents.join(beginning, known);
  if (!refusedBy) return { alarm: facts.alarm, did: 'joined', incident: known.incident };
  const stale = refusedBy.incident === known.incident && refusedBy.status === 'running';
  return stale ? { alarm: facts.alarm, did: 'nothing', incident: known.incident } : undefined;
}

/** Returns the name of an incident. Each delivery of a message gives the same name. */
function nameOf({ cause, arn, at }: AlarmNotification): string {
  const hash = createHash('sha256').update(`${arn} ${at}`).digest('hex').slice(0, 8);
  return `${cause}-${at.slice(0, 19).replace(/[-:]/g, '')}-${hash}`;
}

async function start(cause: string, incident: string): Promise<void> {
  try {
    await stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: settings<IntakeSettings>().stateMachineArn,
        name: incident,
        input: JSON.stringify({
          cause,
          incident,
          execution: incident,
          lap: 0,
          phase: 'telling',
          step: 0,
          minutes: 0,
        }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

async function hasRunningExecution({ execution, since }: Incident): Promise<boolean> {
  const { stateMachineArn } = settings<IntakeSettings>();
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  try {
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING';
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    // A recent incident's execution is about to start. For an older incident, the start has failed.
    return Date.now() - Date.parse(since) < STARTING_MILLISECONDS;
  }
}

/** Adds the value and threshold of the metric alarm that made a composite alarm fire. */
async function withChildren({ facts, children }: AlarmNotification): Promise<AlarmFacts> {
  const { region } = settings<IntakeSettings>();
  const names = children.filter((arn) => arn.split(':')[3] === region).map((arn) => arn.split(':')[6]!);
  if (names.length === 0) return facts;
  try {
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: names.slice(0, 100), StateValue: 'ALARM', MaxRecords: 100 }),
    );
    const [child] = MetricAlarms;
    if (!child?.StateReason) return facts;
    return {
      ...facts,
      reason: child.StateReason,
      value: newestValue(child.StateReason),
      threshold: child.Threshold,
    };
  } catch (error) {
    // Send the page without a value.
    console.warn(JSON.stringify({ level: 'warn', event: 'escalation.value', message: String(error) }));
    return facts;
  }
}
