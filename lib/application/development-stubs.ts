import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { viteConfigImport } from './server-sources';
import { parseLinked } from './source/scope';
import { eachChild, type Node, propertyName } from './source/syntax';

/** Development tools that templates import at the top of `server/vite.ts`, although production never uses them. */
export const developmentTool =
  /^(vite|@vitejs\/.+|vite-plugin-.+|@replit\/vite-plugin-.+|@tailwindcss\/vite|rollup-plugin-.+|drizzle-kit|tsx)(\/|$)/;

const namespace = 'development';

/**
 * Source of the replacement module. Any property can be read from it or called. Vite's own functions throw, and explain
 * that production has no development tools.
 */
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
 * Replaces development tools that the server imports (Vite, its plugins and configuration) with empty modules, because
 * the image does not contain them. Also replaces `ws` if the server only passes it to Neon's driver, which is replaced
 * too.
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

/** Returns true if a module imports `ws` only to assign it to `neonConfig.webSocketConstructor`. */
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
