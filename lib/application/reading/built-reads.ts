import { posix } from 'node:path';
import { applicationFolder } from '../source/builtins';
import type { LiveCode } from '../source/live-code';
import { moduleOf, placeOf } from '../source/module';
import type { CallNode, Node } from '../source/syntax';
import { textOf, type Value, valuesOf } from '../source/value';
import { packageCalls } from './package-calls';
import type { BuiltRead } from './server-reading';

const readers =
  /^(fs|fs\/promises|fs-extra|graceful-fs)(\.promises)?\.(readFile|createReadStream|readJson)(Sync)?$/;
const askers =
  /^(fs|fs\/promises|fs-extra|graceful-fs)(\.promises)?\.(exists|pathExists|access|stat|lstat)(Sync)?$/;

/** Matches folders of build results. A release does not copy them from the application. */
const built = /^(dist|build|out|\.output)\//;

/** Matches import paths that name a file instead of a package. */
const isPath = /^(\.{0,2}\/|file:)/;

/** Finds modules and files in folders of build results that the server loads at run time. Finds known paths only. */
export function readBuiltReads(code: LiveCode): BuiltRead[] {
  const found = new Map<string, BuiltRead>();
  const asked = new Set<string>();
  const add = (call: CallNode, target: Value, folder: string, kind: BuiltRead['kind']) => {
    for (const path of pathsOf(target, folder))
      if (built.test(path) && !found.has(path))
        found.set(path, { path, place: placeOf(call), kind, asked: false });
  };
  for (const call of code.calls) {
    const [argument] = call.arguments as readonly Node[];
    if (!argument || !isImport(code, call)) continue;
    const { imports, runtimeFolder } = moduleOf(call);
    // The bundle contains modules that a literal path names.
    if (argument.type === 'StringLiteral' && imports.has(argument.value)) continue;
    const target = code.evaluator.value(withoutHref(argument));
    // Any other import path names a package.
    if (valuesOf(target).some((value) => isPath.test(textOf(value) ?? '')))
      add(call, target, runtimeFolder, 'module');
  }
  for (const { path, call, argument } of packageCalls(code)) {
    const target = argument(0);
    if (!target) continue;
    if (readers.test(path)) add(call, target, applicationFolder, 'file');
    if (askers.test(path)) for (const file of pathsOf(target, applicationFolder)) asked.add(file);
  }
  return [...found.values()].map((read) => ({ ...read, asked: asked.has(read.path) }));
}

/** Returns the URL if the expression is its `href`; both name the same file. */
function withoutHref(node: Node): Node {
  const isHref =
    node.type === 'MemberExpression' && node.property.type === 'Identifier' && node.property.name === 'href';
  return isHref ? node.object : node;
}

function isImport(code: LiveCode, { callee }: CallNode): boolean {
  if (callee.type === 'Import') return true;
  if (callee.type !== 'Identifier') return false;
  const value = code.evaluator.value(callee as Node);
  return (
    (value.kind === 'package' && value.path === 'globalThis.require') ||
    (value.kind === 'made' && /^(node:)?module\.createRequire$/.test(value.by))
  );
}

/** Returns the paths of a value, relative to the application. */
function pathsOf(target: Value, folder: string): string[] {
  return valuesOf(target).flatMap((value) => {
    const path = textOf(value)
      ?.replace(/^(file:\/\/)+/, '')
      .replace(/\?.*$/, '');
    if (!path || !/^[./\w]/.test(path)) return [];
    const inImage = posix.resolve(folder, path);
    return inImage.startsWith(`${applicationFolder}/`) ? [inImage.slice(applicationFolder.length + 1)] : [];
  });
}
