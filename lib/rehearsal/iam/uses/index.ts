import type { InventoryItem } from '../../core/inventory';
import type { Place } from '../required-permission';
import { COMPUTE } from './compute';
import { DATA } from './data';
import { MESSAGES } from './messages';
import type { Use, UsesOf } from './use';

export type { Use } from './use';

const USES: Readonly<Record<string, UsesOf>> = { ...COMPUTE, ...DATA, ...MESSAGES };

/** Returns the permissions that a resource needs in operation. */
export const usesOf = (item: InventoryItem, place: Place): readonly Use[] =>
  USES[item.type]?.(item, { ...place, region: item.region ?? place.region }) ?? [];
