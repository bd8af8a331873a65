import type { z } from 'zod';
import { ConfigError } from './config-error';
import { contradictions } from './contradictions';
import { defaults } from './default';
import { allowed, schemaNode } from './describe';
import { development } from './development';
import type { EnvironmentName } from './environment-name';
import { production } from './production';
import { readConfiguration } from './read-configuration';
import { type Configuration, type Settings, settingsSchema } from './schema';
import { isObject, shown } from './shown';
import { staging } from './staging';
import { test } from './test';

export { ConfigError } from './config-error';
export { ENVIRONMENTS, type EnvironmentName, environmentName } from './environment-name';
export type { Configuration, Settings, SettingsOverrides } from './schema';

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
  return settingsOf(environment, config, file);
}

/**
 * The settings of an environment under a configuration.
 *
 * @param file name of the configuration in messages
 * @throws ConfigError that lists every value that is missing, wrong or unknown
 */
export function settingsOf(
  environment: EnvironmentName,
  config: Configuration,
  file = 'framework53.config.ts',
): Settings {
  const layers = [
    ['config/default.ts', defaults],
    [`config/${environment}.ts`, own[environment]],
    [`${file}, default`, config.default],
    [`${file}, ${environment}`, config[environment]],
  ] as const;
  const merged = layers.reduce<unknown>((base, [, layer]) => merge(base, layer), undefined);
  const { data, error } = settingsSchema.safeParse(merged);
  const issues = error?.issues ?? [];
  const wrong = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [] : [issue.path.join('.')]));
  const together = contradictions(merged as Settings, environment, wrong);
  if (data && together.length === 0) return data;

  const line = (path: readonly PropertyKey[], text: (value: unknown) => string) => {
    const from = layers.findLast(([, layer]) => at(layer, path) !== undefined)?.[0] ?? layers[0][0];
    return `  ${path.join('.')}: ${text(at(merged, path))} (${from})`;
  };
  const problems = [
    ...issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      return keys.map((key) => {
        const path = key === undefined ? issue.path : [...issue.path, key];
        return line(path, (value) => problem(issue, path, value));
      });
    }),
    ...together.map(({ path, allowed: instead }) =>
      line(path, (value) => `is ${shownAt(path, value)}; allowed: ${instead}`),
    ),
  ];
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
  const got = value === undefined ? 'is missing' : `is ${shownAt(path, value)}`;
  const inOwnWords = issue.code === 'custom' || (issue.code === 'invalid_format' && !node.allowed);
  return `${got}; allowed: ${inOwnWords ? issue.message : allowed(node)}${unit}`;
}

/** A value as a person would write it. A text in the place of a variable's value may be a secret. */
function shownAt(path: readonly PropertyKey[], value: unknown): string {
  const hidden = /^application\.(secrets|environment)\./.test(path.join('.')) && typeof value === 'string';
  return hidden ? 'a text that is not repeated here' : shown(value);
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
