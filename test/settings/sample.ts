import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import fc from 'fast-check';
import {
  ENVIRONMENTS,
  type EnvironmentName,
  type Settings,
  type SettingsOverrides,
  settingsOf,
} from '../../config';
import type { Release } from '../../lib/application/release';
import { release, testEnvironment } from '../support/environment';
import { overrides } from './arbitrary';
import { consistent } from './consistent';
import { violations } from './invariants';

/** An environment, and all of its settings. */
export interface Sample {
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  /** The settings that differ from the defaults, for people who read a failure. */
  readonly changed: unknown;
}

/** Settings that agree with each other. They shrink to those of an environment of ours. */
export const samples: fc.Arbitrary<Sample> = fc
  .record({ environment: fc.constantFrom(...ENVIRONMENTS), changes: overrides() })
  .map(({ environment, changes }) => sampleOf(environment, changes));

/**
 * The settings of an environment with changes, made to agree with each other.
 *
 * @throws ConfigError if they do not agree in the end
 */
export function sampleOf(environment: EnvironmentName, changes: object): Sample {
  const ours = settingsOf(environment, {});
  const agreed = consistent(merged(ours, changes) as Settings, environment);
  const settings = settingsOf(environment, { [environment]: agreed });
  return { environment, settings, changed: difference(ours, settings) };
}

/** The release that an application's build would give with the settings. */
export function releaseOf({ application }: Settings): Partial<Release> {
  const { port, healthPath, paths } = application.server ?? {};
  const { migrations, environment = {} } = application;
  const secrets =
    application.secrets === undefined
      ? release.server.secrets
      : Object.entries(application.secrets).map(([name, kind]) => ({ name, kind }));
  return {
    server: {
      ...release.server,
      ...(port !== undefined && { port }),
      ...(healthPath !== undefined && { healthPath }),
      ...(paths !== undefined && { paths }),
      // As the build decides: a name with a plain value is not a secret.
      secrets: secrets.filter(({ name }) => !Object.hasOwn(environment, name)),
    },
    ...(migrations?.kind && { migrations: { ...release.migrations, kind: migrations.kind } }),
  };
}

/** The cloud assembly of a sample, in a folder of its own unless one is given. */
export function assemblyOf({ environment, settings }: Sample, outdir?: string): CloudAssembly {
  return testEnvironment(environment, {
    settings,
    region: settings.region,
    change: releaseOf(settings),
    app: { ...(outdir !== undefined && { outdir }) },
  }).app.synth();
}

/** Returns the problems of a sample's templates; none if it can be deployed. */
export function problemsOf(sample: Sample): string[] {
  try {
    return violations(assemblyOf(sample), sample.settings);
  } catch (error) {
    return [(error as Error).stack!];
  }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isGroup(base) || !isGroup(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, merged(base[key], over[key])]));
}

/** The values of `now` that `before` has otherwise or not at all. */
export function difference(before: unknown, now: unknown): SettingsOverrides | unknown {
  if (!isGroup(before) || !isGroup(now)) return now;
  return Object.fromEntries(
    Object.keys(now)
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]))
      .map((key) => [key, difference(before[key], now[key])]),
  );
}
