import { posix } from 'node:path';
import type { Program } from '@babel/types';
import { calledName, eachChild, isCall, type Node, propertyName } from '../../application/source/syntax';
import type { ImportEdge } from './import-graph';

/** Matches modules that may contain such imports. Others are skipped. */
const signs = /import\.meta\.glob|(import|require)\(\s*`|createRequire|new URL\((?=[^;]{0,300}import\.meta)/;
const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

interface Parts {
  /** Importing module. */
  readonly file: string;
  readonly text: string;
  /** Syntax tree of the module; undefined if the module cannot be parsed. */
  readonly program: () => Program | undefined;
  /** All files of the application. */
  readonly files: ReadonlySet<string>;
  /** Base folder of absolute paths: Vite's root. */
  readonly root: string;
}

/**
 * Returns the imports that esbuild leaves to the bundler or to Node.js: `import.meta.glob`, `import()` with a computed
 * path, `new URL(…, import.meta.url)` and the function that `createRequire` returns.
 */
export function unfollowedImports({ file, text, program, files, root }: Parts): ImportEdge[] {
  const tree = signs.test(text) ? program() : undefined;
  if (!tree) return [];
  const found: ImportEdge[] = [];
  const requires = new Set<string>();
  const add = (written: string, node: Node) => {
    const line = node.loc?.start.line ?? 1;
    const base = written.startsWith('/') ? root : posix.dirname(file);
    const path = posix.normalize(posix.join(base, written));
    if (!/^[./]/.test(written)) {
      if (!/[*:]/.test(written)) found.push({ written, package: written, dynamic: false, line });
    } else if (path.includes('*')) {
      const pattern = patternOf(path);
      for (const each of files)
        if (pattern.test(each) && !/\.d\.[cm]?ts$/.test(each))
          found.push({ written, file: each, dynamic: true, line });
    } else {
      const target = resolved(path, files);
      if (target) found.push({ written, file: target, dynamic: false, line });
    }
  };
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isCreateRequire(node.init))
      requires.add(node.id.name);
    if (isCall(node)) for (const path of pathsOf(node, requires)) add(path, node);
    eachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Returns the modules that the scripts of a page load or import. */
export function importsOfPage(file: string, text: string, { files, root }: Pick<Parts, 'files' | 'root'>) {
  const ofElements = text.matchAll(/<script\b[^<>]*\bsrc=["']([^<>"'?]+\.[cm]?[jt]sx?)["']/g);
  let at = 0;
  const ofTexts = text.split('</script').flatMap((part) => {
    const from = at;
    at += part.length + '</script'.length;
    const start = /<script\b[^<>]*>/.exec(part)?.index;
    if (start === undefined) return [];
    return [...part.slice(start).matchAll(/\b(?:import|from)\s*\(?\s*["']([./][^"'?]*)["']/g)].map(
      (found) => ({
        written: found[1]!,
        at: from + start + found.index,
      }),
    );
  });
  return [...[...ofElements].map((found) => ({ written: found[1]!, at: found.index })), ...ofTexts].flatMap(
    ({ written, at }): ImportEdge[] => {
      if (/^(\w+:|\/\/)/.test(written)) return [];
      const base = written.startsWith('/') ? root : posix.dirname(file);
      const target = resolved(posix.normalize(posix.join(base, written)), files);
      if (!target) return [];
      return [{ written, file: target, dynamic: false, line: text.slice(0, at).split('\n').length }];
    },
  );
}

function pathsOf(node: Extract<Node, { arguments: unknown }>, requires: ReadonlySet<string>): string[] {
  const { callee } = node;
  const first = node.arguments[0] as Node | undefined;
  if (callee.type === 'MemberExpression' && isImportMeta(callee.object) && propertyName(callee) === 'glob')
    return globsOf(first);
  if (node.type === 'NewExpression' && callee.type === 'Identifier' && callee.name === 'URL') {
    const second = node.arguments[1] as Node | undefined;
    const isHere = second?.type === 'MemberExpression' && isImportMeta(second.object);
    const path = isHere && first?.type === 'StringLiteral' ? first.value : '';
    return /^\.{1,2}\/.*\.[cm]?[jt]sx?$/.test(path) ? [path] : [];
  }
  if (callee.type === 'Identifier' && requires.has(callee.name) && first?.type === 'StringLiteral')
    return [first.value];
  const imports =
    callee.type === 'Import' ||
    (callee.type === 'Identifier' && (callee.name === 'require' || requires.has(callee.name)));
  if (!imports || first?.type !== 'TemplateLiteral' || first.expressions.length === 0) return [];
  const path = first.quasis.map(({ value }) => value.cooked ?? '').join('**');
  // A path that begins with an unknown part may be any package.
  return /^\.{1,2}\/|^\//.test(path) ? [path] : [];
}

function globsOf(node: Node | undefined): string[] {
  if (node?.type === 'StringLiteral') return [node.value];
  if (node?.type !== 'ArrayExpression') return [];
  return node.elements.flatMap((each) =>
    each?.type === 'StringLiteral' && !each.value.startsWith('!') ? [each.value] : [],
  );
}

function isImportMeta(node: Node): boolean {
  return node.type === 'MetaProperty' && node.meta.name === 'import';
}

function isCreateRequire(node: Node | null | undefined): boolean {
  return node?.type === 'CallExpression' && calledName(node) === 'createRequire';
}

function resolved(path: string, files: ReadonlySet<string>): string | undefined {
  const plain = path.replace(/\.([cm]?)jsx?$/, '');
  const candidates = [path, plain].flatMap((each) => [
    ...endings.map((ending) => each + ending),
    ...endings.slice(1).map((ending) => `${each}/index${ending}`),
  ]);
  return candidates.find((each) => files.has(each));
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/[.+?^${}()|[\]\\]/g, (character) => ('{}'.includes(character) ? character : `\\${character}`))
    .replace(/\{([^{}]*)\}/g, (_, parts: string) => `(?:${parts.split(',').join('|')})`)
    .replace(/\*\*\/?|\*/g, (stars) => (stars.startsWith('**') ? '.*' : '[^/]*'));
  return new RegExp(`^${source.replace(/[{}]/g, '\\$&')}$`);
}
