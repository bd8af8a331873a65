import { statSync } from 'node:fs';
import { Module } from 'node:module';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { Script } from 'node:vm';
import { ConfigError } from './config-error';
import { ENVIRONMENTS } from './environment-name';
import type { Configuration } from './schema';
import { isObject, shown } from './shown';

const CONFIG_FILE = 'framework53.config.ts';
/** Milliseconds that a configuration may take: it holds values. */
const LONGEST_RUN_MS = 20_000;

/**
 * Reads the configuration file of an application.
 * @returns the path of the file and its default export; an empty object if there is no such file
 * @throws ConfigError if the file cannot be run or names an unknown environment
 */
export function readConfiguration(application: string): { file: string; config: Configuration } {
  const file = join(resolve(application), CONFIG_FILE);
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status) return { file, config: {} };
  if (!status.isFile()) throw new ConfigError(`${file} is not a file; put a file in its place, or remove it`);
  const config = evaluate(file);
  if (!isPlain(config)) {
    throw new ConfigError(
      `${file} must have its settings as the default export: export default { production: { … } }`,
    );
  }
  const known = ['default', ...ENVIRONMENTS];
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new ConfigError(
      `${file}: '${unknown.join("', '")}' is not an environment; allowed: ${known.join(', ')}, each with an object of settings`,
    );
  }
  const empty = known.filter((key) => config[key] !== undefined && !isObject(config[key]));
  if (empty.length > 0) {
    throw new ConfigError(
      `${file}: ${empty.map((key) => `${key} is ${shown(config[key])}`).join(', ')}; allowed: an object of settings`,
    );
  }
  return { file, config };
}

/** Runs the application's configuration file, which may be written in TypeScript and import other modules. */
function evaluate(file: string): unknown {
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  let code: string;
  try {
    const { outputFiles } = buildSync({
      entryPoints: [file],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      write: false,
      logLevel: 'silent',
    });
    code = outputFiles[0]!.text;
  } catch (error) {
    throw new ConfigError(`${file} cannot be compiled:\n${(error as Error).message}`);
  }
  if (hasProto(code))
    throw new ConfigError(`${file} has a key __proto__, which JavaScript drops; give it another name`);
  const module = new Module(file) as Module & { _compile(code: string, file: string): void };
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(file: string): string[] })._nodeModulePaths(file);
  const { exit } = process;
  process.exit = () => {
    throw new Error('it ends the process');
  };
  const run = () => {
    module._compile(code, file);
    return copied((module.exports as { default?: unknown }).default, new Map());
  };
  try {
    // Only a call from a script of its own has a time limit.
    return new Script('run()').runInNewContext({ run }, { timeout: LONGEST_RUN_MS });
  } catch (error) {
    throw new ConfigError(`${file} cannot be run: ${reasonOf(error)}`);
  } finally {
    process.exit = exit;
  }
}

/** True for code with an object that has a key `__proto__` written out: the object itself does not show the key. */
function hasProto(code: string): boolean {
  if (!code.includes('__proto__')) return false;
  const withoutTexts = code.replace(/(["'`])(?:(?!\1)[^\\]|\\.)*\1/gs, (text) =>
    text.slice(1, -1) === '__proto__' ? '__proto__' : '""',
  );
  return /[{,]\s*__proto__\s*:/.test(withoutTexts);
}

function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `it runs over ${LONGEST_RUN_MS / 1000} seconds`;
  return error instanceof Error ? String(message) : inspect(error);
}

/** True for an object as braces make it, and not for a promise, a map or an instance of a class. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** Copies objects and lists, so that no getter of the application's runs later on. */
function copied(value: unknown, known: Map<unknown, unknown>): unknown {
  if (!Array.isArray(value) && !isPlain(value)) return value;
  const copy: object = known.get(value) ?? (Array.isArray(value) ? [] : {});
  if (known.has(value)) return copy;
  known.set(value, copy);
  for (const [key, child] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: copied(child, known),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy;
}
