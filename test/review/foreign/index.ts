import { accessRows } from './access';
import type { ForeignCase } from './case';
import { fourthRows } from './fourth';
import { removals } from './gone';
import { harmless } from './harmless';
import { harmlessRows } from './harmless-rows';
import { openings } from './opened';
import { replacements } from './replaced';
import { servingRows } from './serving';
import { shapeRows } from './shapes';
import { dataRows } from './stores';
import { weakenings } from './weaker';

/** Changes of small stacks of other people, by what happens. */
export const FOREIGN: Readonly<Record<string, readonly ForeignCase[]>> = {
  removed: removals,
  replaced: replacements,
  opened: openings,
  weakened: weakenings,
  harmless,
  'what holds data': dataRows,
  'what serves users': servingRows,
  'who may and who watches': accessRows,
  'nothing to think about': harmlessRows,
  'what shows by its shape': shapeRows,
  'fourth round': fourthRows,
};
