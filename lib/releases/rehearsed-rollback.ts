import { EnvironmentReleases } from './environment-releases';
import { planRollback } from './plan-rollback';
import { rollBack } from './roll-back';

/** Path of this file, which a process of its own loads. The reference also puts the file into the package. */
export const ROLLBACK_MODULE = __filename;

/** Runs `framework53 rollback` with short pauses. A rehearsal calls it after its last release. */
export async function handler(target: { environment: string; application: string }): Promise<void> {
  const environment = new EnvironmentReleases(target, undefined, { pollMs: 100, limitMs: 120_000 });
  const plan = planRollback(await environment.read());
  const failed = (await rollBack(plan, environment, () => {})).filter(({ passed }) => !passed);
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
}
