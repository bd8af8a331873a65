import { type CanaryRun, GetCanaryRunsCommand, SyntheticsClient } from '@aws-sdk/client-synthetics';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { polledResource } from '../handler/polled-handler';
import { isRefused, isUnknownOperation } from '../handler/refusal';
import { stackStatus } from '../handler/stack-status';
import type { FirstCanaryRunProperties } from './first-canary-run.properties';

const synthetics = new SyntheticsClient({});

/** State that the first call passes to the polls. All values are strings. */
interface Started {
  readonly PhysicalResourceId: string;
  /**
   * Effect of a failed run. `fail` fails the deployment, `report` writes it to the log, and `ignore` waits for no run.
   */
  readonly IfItFails: 'fail' | 'report' | 'ignore';
  /** Earliest start of a run that counts, in milliseconds since 1970. */
  readonly From: string;
}

type Event = CloudFormationCustomResourceEvent & { ResourceProperties: FirstCanaryRunProperties };

export const handler = polledResource({ onEvent, isComplete, intervalMs: 20_000 });

/** Records the start time and the effect of a failed run. */
export async function onEvent(event: Event): Promise<Started> {
  const PhysicalResourceId =
    'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
  return { PhysicalResourceId, IfItFails: await consequence(event), From: String(Date.now()) };
}

/** Completes when the first run after the start time has passed. */
export async function isComplete(event: Event & Started): Promise<{ IsComplete: boolean }> {
  if (event.RequestType === 'Delete' || event.IfItFails === 'ignore') return { IsComplete: true };
  const { Canary, Minutes } = event.ResourceProperties;
  const from = Number(event.From);
  let run: CanaryRun | undefined;
  try {
    run = await firstRun(Canary, from);
  } catch (error) {
    if (isUnknownOperation(error)) return { IsComplete: true };
    if (isRefused(error)) throw error;
    log('warn', `cannot read the runs of the canary: ${error}`);
  }
  if (run?.Status?.State === 'PASSED') {
    log('info', `the canary ${Canary} has passed`);
    return { IsComplete: true };
  }
  if (run?.Status?.State === 'FAILED')
    return end(event, `failed: ${run.Status.StateReason ?? 'Synthetics gave no reason'}`);
  if (Date.now() < from + Number(Minutes) * 60_000) return { IsComplete: false };
  return end(event, `did not finish within ${Minutes} minutes`);
}

async function consequence(event: Event): Promise<Started['IfItFails']> {
  if (event.RequestType === 'Delete') return 'ignore';
  const former =
    event.RequestType === 'Update'
      ? (event.OldResourceProperties as unknown as FirstCanaryRunProperties)
      : undefined;
  if (former?.Release === event.ResourceProperties.Release) return 'ignore';
  try {
    const status = await stackStatus(event.StackId);
    if (status.includes('ROLLBACK')) return 'ignore';
    // CloudFormation would delete a stack that cannot be created, with all of its alarms, just when something is wrong.
    return status.startsWith('CREATE') ? 'report' : 'fail';
  } catch (error) {
    log('warn', `cannot describe the stack: ${error}`);
    return 'report';
  }
}

/** Returns the earliest run after the start time. */
async function firstRun(Name: string, from: number): Promise<CanaryRun | undefined> {
  const { CanaryRuns = [] } = await synthetics.send(new GetCanaryRunsCommand({ Name, MaxResults: 100 }));
  const began = ({ Timeline }: CanaryRun) => Timeline?.Started?.getTime() ?? 0;
  const [first] = CanaryRuns.filter((run) => began(run) >= from).sort((a, b) => began(a) - began(b));
  return first;
}

function end({ ResourceProperties, IfItFails }: Event & Started, what: string): { IsComplete: boolean } {
  const { Canary } = ResourceProperties;
  const region = process.env['AWS_REGION'];
  const message = `the first run of the canary ${Canary} after the release ${what}\nhttps://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#synthetics:canary/detail/${Canary}`;
  if (IfItFails === 'fail') throw new Error(message);
  log('error', message);
  return { IsComplete: true };
}

function log(level: 'info' | 'warn' | 'error', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
