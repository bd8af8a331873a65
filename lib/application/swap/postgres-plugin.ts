import type { Plugin } from 'esbuild';
import { LIMIT_POSTGRES } from '../runtime/pool-size';

const namespace = 'postgres';
const drizzleNamespace = 'postgres-drizzle';

/** Drizzle's `drizzle`, given a client of ours where it would make one: from an address, or from `connection`. */
const drizzle = `import { drizzle as own } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
export * from 'drizzle-orm/postgres-js';
const clientOf = (connection) => {
  if (typeof connection !== 'object' || connection.url === undefined) return postgres(connection);
  const { url, ...options } = connection;
  return postgres(url, options);
};
export const drizzle = Object.assign((first, ...rest) => {
  if (typeof first === 'string') return own(postgres(first), ...rest);
  if (typeof first === 'function' || !first?.connection || first.client) return own(first, ...rest);
  const { connection, ...config } = first;
  return own({ ...config, client: clientOf(connection) });
}, own);
`;

/**
 * Has the application's own imports of postgres.js, and those of Drizzle's driver for it, make connections through the
 * preload, which limits their number.
 */
export const postgresPlugin: Plugin = {
  name: 'limited-postgres',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^postgres$/ }, ({ path, kind, namespace: from }) => {
      if (from === namespace) return { path, external: true };
      // A `require` would get the namespace of this module in place of the function.
      return kind === 'require-call' ? undefined : { path, namespace };
    });
    onResolve({ filter: /^drizzle-orm\/postgres-js$/ }, ({ path, kind, namespace: from }) => {
      if (from === drizzleNamespace) return { path, external: true };
      return kind === 'require-call' ? undefined : { path, namespace: drizzleNamespace };
    });
    onLoad({ filter: /./, namespace: drizzleNamespace }, () => ({ contents: drizzle, loader: 'js' }));
    onLoad({ filter: /./, namespace }, () => ({
      contents: `import postgres from 'postgres';
export * from 'postgres';
const limited = globalThis[Symbol.for('${LIMIT_POSTGRES}')];
export default limited ? limited(postgres) : postgres;
`,
      loader: 'js',
    }));
  },
};
