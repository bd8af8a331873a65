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
 * Returns the validated settings of an environment. Three layers are merged, and later layers override earlier ones:
 * the package's defaults, the package's settings for the environment, and the application's `framework53.config.ts`.
 *
 * @param application the application's folder
 * @throws ConfigError that lists every missing, invalid or unknown value
 */
export function loadSettings(environment: EnvironmentName, application: string): Settings {
  const { file, config } = readConfiguration(application);
  return settingsOf(environment, config, file);
}

/**
 * Returns the validated settings of an environment for a given configuration.
 *
 * @param file name of the configuration file in error messages
 * @throws ConfigError that lists every missing, invalid or unknown value
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
  const dropped = namedProto(merged);
  const wrong = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [] : [issue.path.join('.')]));
  const together = contradictions(merged as Settings, environment, wrong);
  if (data && together.length === 0 && dropped.length === 0) return data;

  const found = [
    ...issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      return keys.map((key) => {
        const path = key === undefined ? issue.path : [...issue.path, key];
        return { path, text: () => problem(issue, path, at(merged, path)) };
      });
    }),
    ...dropped.map((path) => ({
      path,
      text: () =>
        `is ${shownAt(path, at(merged, path))}; allowed: another name, because JavaScript drops a key with this name`,
    })),
    ...together.map(({ path, allowed: instead }) => ({
      path,
      text: () => `is ${shownAt(path, at(merged, path))}; allowed: ${instead}`,
    })),
  ];
  const origin = (path: readonly PropertyKey[]) =>
    layers.findLast(([, layer]) => at(layer, path) !== undefined)?.[0] ?? layers[0][0];
  const problems = fewOfEachList(found).map(
    ({ path, text }) => `  ${path.join('.')}: ${text()} (${origin(path)})`,
  );
  const several = problems.length === 1 ? 'a setting' : `${problems.length} settings`;
  throw new ConfigError(`${several} of ${environment} cannot be used:\n${problems.join('\n')}`);
}

/**
 * Returns the content of the application's `framework53.config.ts`; an empty object if there is no such file.
 *
 * @throws ConfigError if the file cannot be run or names an unknown environment
 */
export function ownConfiguration(application: string): Configuration {
  return readConfiguration(application).config;
}

function problem(issue: z.core.$ZodIssue, path: readonly PropertyKey[], value: unknown): string {
  if (issue.code === 'invalid_key')
    return `is not an allowed name; allowed: ${allowed(schemaNode(path.slice(0, -1))?.propertyNames ?? {})}`;
  const node = schemaNode(path);
  if (!node) {
    const siblings = schemaNode(path.slice(0, -1));
    return `is not a setting; allowed here: ${siblings ? allowed(siblings) : 'none'}`;
  }
  const unit = node.unit ? ` ${node.unit}` : '';
  const got = value === undefined ? 'is missing' : `is ${shownAt(path, value)}`;
  const inOwnWords = issue.code === 'custom' || (issue.code === 'invalid_format' && !node.allowed);
  return `${got}; allowed: ${inOwnWords ? issue.message : allowed(node)}${unit}`;
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly text: () => string;
}

/** Maximum number of items of one list that a message reports. */
const MOST_ITEMS = 10;

/**
 * Removes repeated problems. A value of the wrong type fails several checks, and only the first one is kept. One line
 * summarizes the remaining items of a long list.
 */
function fewOfEachList(found: readonly Told[]): Told[] {
  const once = [
    ...new Map([...found].reverse().map((each) => [each.path.join('.'), each])).values(),
  ].reverse();
  const lists = new Map<string, number>();
  const few = once.filter(({ path }) => {
    const index = path.findIndex((key) => typeof key === 'number');
    if (index < 0) return true;
    const list = path.slice(0, index).join('.');
    lists.set(list, (lists.get(list) ?? 0) + 1);
    return lists.get(list)! <= MOST_ITEMS;
  });
  const told = new Set(few.map(({ path }) => path.join('.')));
  const rest = [...lists].filter(([list, count]) => count > MOST_ITEMS && !told.has(list));
  return [
    ...few,
    ...rest.map(([list, count]) => {
      const path = list.split('.');
      return {
        path,
        text: () =>
          `has ${count - MOST_ITEMS === 1 ? 'one more such item' : `${count - MOST_ITEMS} more such items`}; allowed: ${allowed(schemaNode(path)!)}`,
      };
    }),
  ];
}

/** Returns a value in readable form. A string in place of a variable's value may be a secret, so it is not shown. */
function shownAt(path: readonly PropertyKey[], value: unknown): string {
  const hidden = /^application\.(secrets|environment)\./.test(path.join('.')) && typeof value === 'string';
  return hidden ? 'a string (not shown, as it may be a secret)' : shown(value);
}

/** Merges objects recursively. Any other value in the layer replaces the base value. */
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

/** Returns the paths of all keys `__proto__`, which Zod drops from records without a word. */
function namedProto(
  value: unknown,
  path: readonly PropertyKey[] = [],
  known = new Set<unknown>(),
): PropertyKey[][] {
  if (typeof value !== 'object' || value === null || known.has(value)) return [];
  known.add(value);
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === '__proto__' ? [here] : namedProto(child, here, known);
  });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
