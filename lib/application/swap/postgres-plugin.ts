import type { Plugin } from 'esbuild';
import { LIMIT_POSTGRES } from '../runtime/pool-size';

const namespace = 'postgres';
const drizzleNamespace = 'postgres-drizzle';

/**
 * Wraps Drizzle's `drizzle`. If the code passes an address or `connection`, the wrapper creates the client with the
 * limited postgres.js.
 */
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
 * Redirects the application's imports of postgres.js, and the imports of Drizzle's driver for it, to the preload. The
 * preload limits the number of connections.
 */
export const postgresPlugin: Plugin = {
  name: 'limited-postgres',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^postgres$/ }, ({ path, kind, namespace: from }) => {
      if (from === namespace) return { path, external: true };
      // A `require` would get the namespace of this module instead of the function.
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
