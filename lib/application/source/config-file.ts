import { posix } from 'node:path';
import { applicationFolder } from './builtins';
import type { Evaluation } from './evaluation';
import { Evaluator } from './evaluator';
import { parseModule } from './module';
import type { Node } from './syntax';
import { unknown, type Value, valuesOf } from './value';

/** The export of a configuration file, such as `vite.config.ts`. */
export interface ConfigFile {
  readonly evaluator: Evaluation;
  readonly value: Value;
}

/**
 * Reads the export of a configuration file without running the file. The export may be an object, an argument of a
 * function such as `defineConfig`, or the result of a function. If the file cannot be parsed, the value is unknown.
 */
export function readConfigFile(directory: string, file: string): ConfigFile {
  try {
    const runtimeFolder = posix.join(applicationFolder, posix.dirname(file));
    const module = parseModule(directory, file, { imports: new Map(), externals: [], runtimeFolder });
    const evaluator = new Evaluator(new Map([[file, module]]));
    evaluator.takeCalls([]);
    return { evaluator, value: configOf(evaluator, evaluator.exported(file, 'default')) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const evaluator = new Evaluator(new Map());
    return { evaluator, value: unknown };
  }
}

function configOf(evaluator: Evaluator, exported: Value, depth = 0): Value {
  for (const value of valuesOf(exported)) {
    if (depth > 4) break;
    if (value.kind === 'object') return value;
    const given =
      value.kind === 'made' && value.node.type === 'CallExpression'
        ? (value.node.arguments[0] as Node)
        : undefined;
    if (given) return configOf(evaluator, evaluator.value(given), depth + 1);
    if (value.kind === 'function') return configOf(evaluator, evaluator.returned(value), depth + 1);
  }
  return unknown;
}

/**
 * Returns a property of a configuration.
 * @param path names of the nested properties, from the outside in
 */
export function setting({ evaluator, value }: ConfigFile, ...path: readonly string[]): Value {
  return path.reduce((at, name) => evaluator.member(at, name), value);
}
