import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { applicationFolder } from './builtins';
import type { Evaluation } from './evaluation';
import { Evaluator } from './evaluator';
import { returnOf } from './members';
import { parseModule } from './module';
import { parseLinked } from './scope';
import { type FunctionNode, type Node, parseProgram } from './syntax';
import { type Context, truthOf, unknown, type Value, valuesOf } from './value';

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
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8');
  const before = known.get(path);
  if (before?.text === text) return before.read;
  const read = readText(directory, file, text);
  known.set(path, { text, read });
  return read;
}

/** The files that were read, by path. A build and a check read the same file many times. */
const known = new Map<string, { readonly text: string; readonly read: ConfigFile }>();

function readText(directory: string, file: string, text: string): ConfigFile {
  try {
    const runtimeFolder = posix.join(applicationFolder, posix.dirname(file));
    const parts = { imports: new Map(), externals: [], runtimeFolder };
    const module = parseModule(directory, file, parts, parseLinked(file, text));
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
    if (value.kind === 'function') return configOf(evaluator, builtBy(evaluator, value.node), depth + 1);
  }
  return unknown;
}

/** The argument that Vite gives to a function in its configuration when it builds for production. */
const ofBuild = parseProgram(
  'build.js',
  "({ mode: 'production', command: 'build', isSsrBuild: false, isPreview: false })",
).body[0]! as { readonly expression?: Node };

/** Returns the result of a configuration function in a build for production. */
function builtBy(evaluator: Evaluator, fn: FunctionNode): Value {
  const argument = ofBuild.expression as Extract<Node, { type: 'ObjectExpression' }>;
  const operands = fn.params.map((_, index) => ({
    value: index === 0 ? ({ kind: 'object', node: argument } as const) : unknown,
  }));
  const context: Context = { owner: fn, operands };
  const first = fn.body.type === 'BlockStatement' && firstReturn(evaluator, fn.body.body, context);
  return first ? evaluator.value(first, context) : returnOf(evaluator, fn, context);
}

/** Returns the result of the first `return` that a build reaches; undefined if a condition before it is unknown. */
function firstReturn(
  evaluator: Evaluator,
  statements: readonly Node[],
  context: Context,
): Node | undefined | null {
  for (const statement of statements) {
    if (statement.type === 'ReturnStatement') return statement.argument ?? null;
    if (statement.type !== 'IfStatement') continue;
    const truth = truthOf(evaluator.value(statement.test, context));
    if (truth === undefined) return undefined;
    const branch = truth ? statement.consequent : statement.alternate;
    const inside = branch?.type === 'BlockStatement' ? branch.body : branch ? [branch] : [];
    const found = firstReturn(evaluator, inside, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Returns a property of a configuration.
 * @param path names of the nested properties, from the outside in
 */
export function setting({ evaluator, value }: ConfigFile, ...path: readonly string[]): Value {
  return path.reduce((at, name) => evaluator.member(at, name), value);
}
