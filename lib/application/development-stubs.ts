import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { viteConfigImport } from './server-sources';
import { parseLinked } from './source/scope';
import { eachChild, type Node, propertyName } from './source/syntax';

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

/** True if a module imports `ws` only to assign it to `neonConfig.webSocketConstructor`. */
function isForNeonOnly(specifier: string, importer: string): boolean {
  if (specifier !== 'ws' || !/\.[cm]?[jt]sx?$/.test(importer)) return false;
  const names = new Set<string>();
  let assigned = 0;
  let others = 0;
  const visit = (node: Node): void => {
    if (node.type === 'ImportDeclaration') {
      if (node.source.value === 'ws') for (const { local } of node.specifiers) names.add(local.name);
      return;
    }
    if (node.type === 'AssignmentExpression' && isNamed(node.right, names)) {
      const isNeon =
        node.left.type === 'MemberExpression' && propertyName(node.left) === 'webSocketConstructor';
      if (isNeon) {
        assigned++;
        return;
      }
    }
    if (isNamed(node, names)) others++;
    eachChild(node, visit);
  };
  visit(parseLinked(importer, readFileSync(importer, 'utf8')));
  return assigned > 0 && others === 0;
}

function isNamed(node: Node, names: ReadonlySet<string>): boolean {
  return node.type === 'Identifier' && names.has(node.name);
}
