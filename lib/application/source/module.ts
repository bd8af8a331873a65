import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '@babel/types';
import { parseLinked } from './scope';
import { type Node, parentOf } from './syntax';

/** A parsed module of the application. */
export interface Module {
  /** Path relative to the application. */
  readonly file: string;
  readonly program: Program;
  /** Files of the application, by the import path in the source. */
  readonly imports: ReadonlyMap<string, string>;
  /** Import paths of packages, such as `pg` and `drizzle-orm/pg-core`. */
  readonly externals: readonly string[];
  /** Value of `__dirname` and `import.meta.dirname` at run time. The application's folder is `/app`. */
  readonly runtimeFolder: string;
}

const moduleOfProgram = new WeakMap<Node, Module>();

/**
 * Parses a module of the application.
 * @param known the module's syntax tree, if the caller has parsed it
 * @throws SyntaxError if the file is not valid JavaScript or TypeScript
 */
export function parseModule(
  directory: string,
  file: string,
  parts: Omit<Module, 'file' | 'program'>,
  known?: Program,
): Module {
  const program = known ?? parseLinked(file, readFileSync(join(directory, file), 'utf8'));
  const module = { file, program, ...parts };
  moduleOfProgram.set(program, module);
  return module;
}

/** Returns the module that contains a node. */
export function moduleOf(node: Node): Module {
  let at = node;
  for (let parent = parentOf(at); parent; parent = parentOf(at)) at = parent;
  return moduleOfProgram.get(at)!;
}

/** Returns the file and line of a node, such as `server/routes.ts:12`. */
export function placeOf(node: Node): string {
  return `${moduleOf(node).file}:${node.loc?.start.line ?? 1}`;
}
