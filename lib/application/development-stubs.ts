import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { maskComments } from './mask-comments';
import { viteConfigImport } from './server-sources';

/** Tools of development that templates import at the top of `server/vite.ts`, where production never uses them. */
export const developmentTool =
  /^(vite|@vitejs\/.+|vite-plugin-.+|@replit\/vite-plugin-.+|@tailwindcss\/vite|rollup-plugin-.+|drizzle-kit|tsx)(\/|$)/;

const namespace = 'development';

/** Anything may be read from it and called on it; Vite's own functions say where they are missed. */
const stub = `
const nothing = new Proxy(function () {}, {
  get: (_, key) => (key === 'then' || key === '__esModule' ? undefined : key === Symbol.toPrimitive ? () => '' : nothing),
  apply: () => nothing,
  construct: () => nothing,
});
const missing = (name) => () => {
  throw new Error(name + '() belongs to development: the image holds no development tools. Is NODE_ENV production?');
};
const tool = { createServer: missing('createServer'), build: missing('build'), preview: missing('preview') };
const target = new Proxy({}, { get: (_, key) => (key === '__esModule' ? undefined : key in tool && VITE ? tool[key] : nothing[key]) });
module.exports = new Proxy({}, { get: (_, key) => target[key], getPrototypeOf: () => target });
`;

/**
 * Puts empty stand-ins where the server imports tools of development (Vite, its plugins and configuration),
 * which are in no image; and for `ws` where it is only handed to Neon's driver, which is swapped.
 */
export function developmentStubs(): Plugin {
  return {
    name: 'development-stubs',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: developmentTool }, ({ path }) => ({ path, namespace }));
      onResolve({ filter: viteConfigImport }, () => ({ path: 'vite.config', namespace }));
      onResolve({ filter: /^(ws|bufferutil|utf-8-validate|undici)$/ }, ({ path, importer }) =>
        importer && isForNeonOnly(path, importer) ? { path, namespace } : undefined,
      );
      onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: stub.replaceAll('VITE', String(path === 'vite')),
        loader: 'js',
      }));
    },
  };
}

function isForNeonOnly(specifier: string, importer: string): boolean {
  if (specifier !== 'ws' || !/\.[cm]?[jt]sx?$/.test(importer)) return false;
  const code = maskComments(readFileSync(importer, 'utf8'));
  const clause =
    /import\s+(?:\*\s+as\s+([\w$]+)|([\w$]+)|\{\s*WebSocket(?:\s+as\s+([\w$]+))?\s*\})\s+from\s*['"]ws['"]/.exec(
      code,
    );
  const name = clause && (clause[1] ?? clause[2] ?? clause[3] ?? 'WebSocket');
  if (!name) return false;
  const rest = code
    .replace(clause[0], '')
    .replace(new RegExp(`\\.\\s*webSocketConstructor\\s*=\\s*${name.replace('$', '\\$')}\\b`, 'g'), '');
  return (
    rest.length < code.length - clause[0].length &&
    !new RegExp(`(^|[^.\\w$])${name.replace('$', '\\$')}\\b`).test(rest)
  );
}
