import type { IConstruct } from 'constructs';

/**
 * Error for invalid input to a construct. The message starts with the construct's path.
 * @example
 * try {
 *   new Network(this, 'Network', { cidr: '10.0.0.0/30' });
 * } catch (error) {
 *   if (!(error instanceof ConstructError)) throw error;
 *   console.error(error.message);
 * }
 */
export class ConstructError extends Error {
  override readonly name = 'ConstructError';

  constructor(scope: IConstruct, problems: string | readonly string[]) {
    const lines = typeof problems === 'string' ? [problems] : problems;
    super(`${scope.node.path || scope.constructor.name}: ${lines.join('\n  ')}`);
  }
}
