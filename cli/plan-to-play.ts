import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Given, optionValue, progress, UsageError } from './command';
import { prepareOptions, selected } from './environment-options';

/** A cloud assembly, the name of its report, and the end of it. */
export interface PlanToPlay {
  readonly assembly: string;
  readonly name: string;
  remove(): void;
}

/** The cloud assembly that exists, or that of the environment as it is in the application's folder. */
export async function planToPlay(given: Given): Promise<PlanToPlay> {
  const existing = optionValue(given, 'plan');
  if (existing !== undefined) {
    const useless = ['app', 'env'].find((option) => given[option] !== undefined);
    if (useless) throw new UsageError(`--plan needs no --${useless}: the plan is for one environment`);
    return { assembly: resolve(existing), name: 'plan', remove() {} };
  }
  const { prepareEnvironment } = await import('../lib/prepare/prepare-environment.js');
  const { synthesize } = await import('../lib/synthesis/synthesize.js');
  const { environment } = selected(given, 'production');
  const prepared = await prepareEnvironment(prepareOptions(given, 'production'));
  progress(`synthesising ${environment}`);
  const assembly = mkdtempSync(join(tmpdir(), 'framework53-plan-'));
  const remove = () => rmSync(assembly, { recursive: true, force: true });
  try {
    synthesize(prepared, assembly, 'temporary');
  } catch (error) {
    remove();
    throw error;
  }
  return { assembly, name: environment, remove };
}
