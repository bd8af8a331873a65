import type { InventoryItem } from '../../core/inventory';
import type { Place } from '../asked';
import { COMPUTE } from './compute';
import { DATA } from './data';
import { MESSAGES } from './messages';
import type { Use, UsesOf } from './use';

export type { Use } from './use';

const USES: Readonly<Record<string, UsesOf>> = { ...COMPUTE, ...DATA, ...MESSAGES };

/** The permissions that a resource needs in order to work. */
export const usesOf = (item: InventoryItem, place: Place): readonly Use[] =>
  USES[item.type]?.(item, place) ?? [];
