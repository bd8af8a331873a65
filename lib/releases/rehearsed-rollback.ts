import { join } from 'node:path';
import { ownFolder } from '../files/own-package';
import type { PersonsCommand } from '../rehearsal/rehearsal-options';
import type { EnvironmentPlace } from './environment-place';
import { EnvironmentReleases } from './environment-releases';
import { planRollback } from './plan-rollback';
import { rollBack } from './roll-back';

/** Returns the `framework53 rollback` that a rehearsal runs after its last release. */
export function rehearsedRollback(place: EnvironmentPlace): PersonsCommand {
  const module = join(ownFolder(), 'dist', 'bin', 'rehearsed-rollback', 'index.js');
  return { name: 'rollback', module, event: place };
}

/** Runs the rollback with short pauses. `bin/rehearsed-rollback.ts` exports this handler. */
export async function handler(place: EnvironmentPlace): Promise<void> {
  const environment = new EnvironmentReleases(place, undefined, { pollMs: 100, limitMs: 120_000 });
  const plan = planRollback(await environment.read());
  const failed = (await rollBack(plan, environment, () => {})).filter(({ passed }) => !passed);
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
}
