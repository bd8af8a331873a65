import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The parts of node-postgres that this module uses. */
interface NodePostgres {
  Pool: new (...args: unknown[]) => { readonly options: { max: number; min?: number } };
}

/** The function that postgres.js exports, and its properties. */
type CreatePostgres = (...args: unknown[]) => unknown;

/**
 * Key of a global function that wraps postgres.js. A built server makes its postgres.js connections through this
 * function.
 */
export const LIMIT_POSTGRES = 'framework53.limit-postgres';
/** Default pool size of postgres.js. */
const usualSize = 10;

/**
 * Limits the size of each pool of node-postgres and postgres.js, whatever size the application asks for.
 * @param limit number of connections that the connection budget of the database allows for a task
 * @param tell called with the size that the application asks for, if the size is above the limit
 */
export function limitPools(limit: number, tell: (asked: number) => void): void {
  if (!(limit > 0)) return;
  const within = (asked: number): number => {
    if (!(asked > limit)) return asked;
    tell(asked);
    return limit;
  };
  const limitPostgres = (create: CreatePostgres) => Object.assign(limitedPostgres(create, within), create);
  Object.assign(globalThis, { [Symbol.for(LIMIT_POSTGRES)]: limitPostgres });
  limitNodePostgres(within);
}

function limitNodePostgres(within: (asked: number) => number): void {
  let pg: NodePostgres;
  try {
    pg = createRequire(join(process.cwd(), 'dist', 'index.js'))('pg') as NodePostgres;
  } catch {
    // The server does not use node-postgres.
    return;
  }
  pg.Pool = new Proxy(pg.Pool, {
    construct(target, args, newTarget) {
      const pool = Reflect.construct(target, args, newTarget) as InstanceType<NodePostgres['Pool']>;
      pool.options.max = within(pool.options.max);
      if (pool.options.min) pool.options.min = Math.min(pool.options.min, pool.options.max);
      return pool;
    },
  });
}

/**
 * Returns postgres.js with a limit. Its arguments are `(url, options)` or `(options)`. The options override the
 * address, and the address overrides PGMAX.
 */
function limitedPostgres(create: CreatePostgres, within: (asked: number) => number): CreatePostgres {
  return (first, second) => {
    const isAddress = !first || typeof first === 'string';
    const options = ((isAddress ? second : first) ?? {}) as { max?: unknown };
    const inAddress = typeof first === 'string' ? /[?&]max=(\d+)/.exec(first)?.[1] : undefined;
    const asked = Number(options.max ?? inAddress ?? process.env['PGMAX'] ?? usualSize);
    const max = within(asked);
    if (max === asked) return create(first, second);
    return isAddress ? create(first, { ...options, max }) : create({ ...options, max });
  };
}
