import type { Value } from '../../application/source/value';

/** True for an object whose properties are all written out. */
export function isWritten(value: Value | undefined): boolean {
  return value?.kind === 'object' && !value.node.properties.some(({ type }) => type === 'SpreadElement');
}
