import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '@babel/types';
import { parseLinked } from './scope';
import { type Node, parentOf } from './syntax';

/** One module of the application, parsed. */
export interface Module {
  /** Path relative to the application. */
  readonly file: string;
  readonly program: Program;
  /** Import path as written → file of the application that it stands for. */
  readonly imports: ReadonlyMap<string, string>;
  /** Packages and subpaths of packages that it imports. */
  readonly externals: readonly string[];
  /** Folder that `__dirname` and `import.meta.dirname` are at run time; the application's folder is `/app`. */
  readonly runtimeFolder: string;
}

const moduleOfProgram = new WeakMap<Node, Module>();

/**
 * Parses a module of the application.
 * @throws SyntaxError when it is no JavaScript or TypeScript
 */
export function parseModule(
  directory: string,
  file: string,
  parts: Omit<Module, 'file' | 'program'>,
): Module {
  const program = parseLinked(file, readFileSync(join(directory, file), 'utf8'));
  const module = { file, program, ...parts };
  moduleOfProgram.set(program, module);
  return module;
}

/** The module that a node is part of. */
export function moduleOf(node: Node): Module {
  let at = node;
  for (let parent = parentOf(at); parent; parent = parentOf(at)) at = parent;
  return moduleOfProgram.get(at)!;
}

/** `server/routes.ts:12`. */
export function placeOf(node: Node): string {
  return `${moduleOf(node).file}:${node.loc?.start.line ?? 1}`;
}
