import { createHash } from 'node:crypto';
import type { Change } from '../change';

/** Returns a valid HTML id for a change. */
export function anchor({ stack, logicalId }: Pick<Change, 'stack' | 'logicalId'>): string {
  return `r-${createHash('sha256').update(`${stack} ${logicalId}`).digest('hex').slice(0, 12)}`;
}
