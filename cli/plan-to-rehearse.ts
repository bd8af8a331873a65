import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Warning } from '../lib/application/warning';
import { type Given, optionValue, progress, UsageError } from './command';
import { prepareOptions, selected } from './environment-options';

/** A cloud assembly to rehearse, and the name of its report. */
export interface PlanToRehearse {
  readonly assembly: string;
  readonly name: string;
  /** Warnings of the build; undefined for the plan that `--plan` names. */
  readonly warnings?: readonly Warning[];
  /** Deletes the assembly if it is temporary. */
  remove(): void;
}

/** Returns the cloud assembly that `--plan` names, or synthesises one from the application's folder. */
export async function planToRehearse(given: Given): Promise<PlanToRehearse> {
  const existing = optionValue(given, 'plan');
  if (existing !== undefined) {
    const useless = ['app', 'env'].find((option) => given[option] !== undefined);
    if (useless)
      throw new UsageError(
        `--plan and --${useless} exclude each other: the plan names its application and environment`,
      );
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
  return { assembly, name: environment, warnings: prepared.release.warnings, remove };
}
