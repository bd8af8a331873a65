import type { Value } from '../../application/source/value';

/** Returns true for an object literal without spread or computed properties. */
export function isWritten(value: Value | undefined): boolean {
  return value?.kind === 'object' && !value.node.properties.some(({ type }) => type === 'SpreadElement');
}
