import type { ForeignCase } from './case';
import { removals } from './gone';
import { harmless } from './harmless';
import { openings } from './opened';
import { replacements } from './replaced';
import { weakenings } from './weaker';

/** Changes of small stacks of other people, by what happens. */
export const FOREIGN: Readonly<Record<string, readonly ForeignCase[]>> = {
  removed: removals,
  replaced: replacements,
  opened: openings,
  weakened: weakenings,
  harmless,
};
