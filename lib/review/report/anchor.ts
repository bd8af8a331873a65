import { createHash } from 'node:crypto';
import type { Change } from '../change';

/** Name of a change's place in the page, of whatever its stack and id are made. */
export function anchor({ stack, logicalId }: Pick<Change, 'stack' | 'logicalId'>): string {
  return `r-${createHash('sha256').update(`${stack} ${logicalId}`).digest('hex').slice(0, 12)}`;
}
