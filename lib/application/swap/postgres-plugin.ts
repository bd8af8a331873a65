import type { Plugin } from 'esbuild';
import { LIMIT_POSTGRES } from '../runtime/pool-size';

const namespace = 'postgres';

/** Has the application's own imports of postgres.js make connections through the preload, which limits their number. */
export const postgresPlugin: Plugin = {
  name: 'limited-postgres',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^postgres$/ }, ({ path, kind, namespace: from }) => {
      if (from === namespace) return { path, external: true };
      // A `require` would get the namespace of this module in place of the function.
      return kind === 'require-call' ? undefined : { path, namespace };
    });
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
