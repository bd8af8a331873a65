import { EXIT, type Given, optionValue, print, printJson, UsageError } from './command';
import { planToRehearse } from './plan-to-rehearse';

/** Options of a rehearsal that have no effect on a replay. */
const PLAYING = ['fault', 'release-from', 'port', 'trace'];

/** `rehearse --replay`: judges the recorded calls and connections of a rehearsal against another plan. */
export async function runReplay(given: Given): Promise<number> {
  const useless = PLAYING.find((option) => given[option] !== undefined);
  if (useless) throw new UsageError(`--replay deploys nothing; remove --${useless}`);
  const { Assembly } = await import('../lib/rehearsal/core/assembly.js');
  const { describeReplay, readTrace, replay } = await import('../lib/rehearsal/replay.js');
  const trace = readTrace(optionValue(given, 'replay')!);
  const plan = await planToRehearse(given);
  try {
    const result = replay(trace, new Assembly(plan.assembly));
    if (given['json']) printJson(result);
    else print(describeReplay(result));
    return result.findings.length > 0 ? EXIT.foundWanting : EXIT.done;
  } finally {
    plan.remove();
  }
}
