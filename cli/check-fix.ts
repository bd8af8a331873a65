import type { CheckSettings } from '../lib/check/check-settings';
import { EXIT, print, printError } from './command';
import { confirm } from './confirm';

/** Shows the repairs of `framework53 check --fix`, and writes them if the user confirm. */
export async function fix(
  application: string,
  settings: CheckSettings,
  { yes, force }: { readonly yes: boolean; readonly force: boolean },
): Promise<number> {
  const { findRepair } = await import('../lib/check/fix/fix-application.js');
  const { differenceOf } = await import('../lib/files/difference.js');
  const { changes, cautions, refused, write } = await findRepair(application, settings);
  for (const line of refused) printError(`framework53: ${line}, so it stays as it is`);
  const failed = refused.length > 0 ? EXIT.foundWanting : EXIT.done;
  if (changes.length === 0) {
    print('There is nothing to repair.\n');
    return failed;
  }
  for (const change of changes) print(await differenceOf(change));
  if (cautions.length > 0 && !force) {
    printError(`framework53: ${cautions.join('; ')}\n  → commit first, or add --force`);
    print('\nNothing was written.\n');
    return EXIT.foundWanting;
  }
  if (!yes && !(await confirm('Write these changes?'))) {
    print('\nNothing was written.\n');
    return EXIT.foundWanting;
  }
  write();
  const names = changes.map(({ path }) => path);
  print(`\nWritten: ${names.join(', ')}\n`);
  if (names.includes('package.json')) print('Run `npm install` to update the lockfile.\n');
  return failed;
}
