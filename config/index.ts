import { existsSync } from 'node:fs';
import { Module } from 'node:module';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import type { z } from 'zod';
import { ConfigError } from './config-error';
import { defaults } from './default';
import { allowed, schemaNode } from './describe';
import { development } from './development';
import { ENVIRONMENTS, type EnvironmentName } from './environment-name';
import { production } from './production';
import { type Configuration, type Settings, settingsSchema } from './schema';
import { staging } from './staging';
import { test } from './test';

export { ConfigError } from './config-error';
export { ENVIRONMENTS, type EnvironmentName, environmentName } from './environment-name';
export type { Configuration, Settings, SettingsOverrides } from './schema';

const CONFIG_FILE = 'framework53.config.ts';
const own = { development, test, staging, production };

/**
 * The settings of an environment: our defaults, our environment's, then those of the application's own
 * `framework53.config.ts`, checked as a whole.
 *
 * @param application the application's folder
 * @throws ConfigError that lists every value that is missing, wrong or unknown
 */
export function loadSettings(environment: EnvironmentName, application: string): Settings {
  const { file, config } = readConfiguration(application);
  const layers = [
    ['config/default.ts', defaults],
    [`config/${environment}.ts`, own[environment]],
    [`${file}, default`, config.default],
    [`${file}, ${environment}`, config[environment]],
  ] as const;
  const merged = layers.reduce<unknown>((base, [, layer]) => merge(base, layer), undefined);
  const { success, data, error } = settingsSchema.safeParse(merged);
  if (success) return data;

  const problems = error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      const from = layers.findLast(([, layer]) => at(layer, path) !== undefined)?.[0] ?? layers[0][0];
      return `  ${path.join('.')}: ${problem(issue, path, at(merged, path))} (${from})`;
    });
  });
  const several = problems.length === 1 ? 'a setting' : `${problems.length} settings`;
  throw new ConfigError(`${several} of ${environment} cannot be used:\n${problems.join('\n')}`);
}

/**
 * The application's own `framework53.config.ts`, as it is; empty if there is no such file.
 *
 * @throws ConfigError if the file cannot be run or names an unknown environment
 */
export function ownConfiguration(application: string): Configuration {
  return readConfiguration(application).config;
}

function problem(issue: z.core.$ZodIssue, path: readonly PropertyKey[], value: unknown): string {
  const node = schemaNode(path);
  if (!node) {
    const siblings = schemaNode(path.slice(0, -1));
    return `is not a setting; those here are ${siblings ? allowed(siblings) : 'none'}`;
  }
  const unit = node.unit ? ` ${node.unit}` : '';
  // A text in the place of a secret's origin may be the secret itself.
  const hidden = path.slice(0, 2).join('.') === 'application.secrets' && typeof value === 'string';
  const got =
    value === undefined ? 'is missing' : `is ${hidden ? 'a text that is not repeated here' : shown(value)}`;
  const inOwnWords = issue.code === 'custom' || (issue.code === 'invalid_format' && !node.allowed);
  return `${got}; allowed: ${inOwnWords ? issue.message : allowed(node)}${unit}`;
}

function readConfiguration(application: string): { file: string; config: Configuration } {
  const file = join(resolve(application), CONFIG_FILE);
  if (!existsSync(file)) return { file, config: {} };
  const config = evaluate(file);
  if (!isObject(config)) {
    throw new ConfigError(
      `${file} must export its settings by default: export default { production: { … } }`,
    );
  }
  const known = ['default', ...ENVIRONMENTS];
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new ConfigError(
      `${file}: '${unknown.join("', '")}' is no environment; allowed: ${known.join(', ')}, each with settings in it`,
    );
  }
  const empty = known.filter((key) => config[key] !== undefined && !isObject(config[key]));
  if (empty.length > 0) {
    throw new ConfigError(
      `${file}: ${empty.map((key) => `${key} is ${shown(config[key])}`).join(', ')}; allowed: an object with settings in it`,
    );
  }
  return { file, config };
}

/** A value as a person would write it, on one line. */
function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : inspect(value, { depth: 1, breakLength: Infinity });
}

/** Runs the application's configuration file, which may be TypeScript and import other modules. */
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
  const module = new Module(file) as Module & { _compile(code: string, file: string): void };
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(file: string): string[] })._nodeModulePaths(file);
  try {
    module._compile(code, file);
  } catch (error) {
    throw new ConfigError(
      `${file} cannot be run: ${error instanceof Error ? error.message : inspect(error)}`,
    );
  }
  return (module.exports as { default?: unknown }).default;
}

/** Merges objects; everything else in the layer replaces the base. */
function merge(base: unknown, layer: unknown): unknown {
  if (layer === undefined) return base;
  if (!isObject(base) || !isObject(layer)) return layer;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(layer)])].map((key) => [
      key,
      merge(base[key], layer[key]),
    ]),
  );
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
