import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENVIRONMENTS } from '../../config';
import { schemaNode } from '../../config/describe';
import { type Node, overrides, valuesOf } from './arbitrary';
import { kept } from './kept';
import { SEED, withoutWarnings } from './run';
import { problemsOf, type Sample, sampleOf, samples } from './sample';
import { TEXTS } from './texts';

/** More with `SETTINGS=1000 npx vitest run test/settings`. */
const RUNS = Number(process.env['SETTINGS'] ?? 6);

withoutWarnings();

test('all valid settings give templates with the common invariants', {
  timeout: 3_600_000,
}, () => {
  fc.assert(
    fc.property(samples, (sample) => {
      expect(problemsOf(sample)).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED, reporter: reported },
  );
});

describe('settings that failed before', () => {
  test.each(Object.entries(kept))('%s', (_, { environment, changes }) => {
    expect(problemsOf(sampleOf(environment, changes))).toEqual([]);
  });
});

/** Prints the difference from the default settings instead of all settings. */
function reported(run: fc.RunDetails<[Sample]>): void {
  if (!run.failed) return;
  const [smallest] = run.counterexample!;
  throw new Error(
    `after ${run.numRuns} samples (SETTINGS_SEED=${run.seed}), keep this one in test/settings/kept.ts:\n` +
      `${smallest.environment}: ${JSON.stringify(smallest.changed, undefined, 2)}\n${run.errorInstance}`,
    { cause: run.errorInstance },
  );
}

/** Dotted paths of every key and every choice of the schema. */
function places(node: Node, path = ''): string[] {
  const children = Object.entries(node.properties ?? {}).map(
    ([key, child]) => [path ? `${path}.${key}` : key, child] as const,
  );
  return [
    ...(path ? [path] : []),
    ...children.flatMap(([at, child]) => places(child, at)),
    ...(node.items ? places(node.items, `${path}.*`) : []),
    ...(node.additionalProperties ? places(node.additionalProperties, `${path}.*`) : []),
    ...(node.anyOf ?? []).flatMap((option) => places(option, path)),
  ];
}

function placesIn(value: unknown, node: Node, path = ''): string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => placesIn(item, node, `${path}.*`))];
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...(path ? [path] : []),
    ...Object.entries(value).flatMap(([key, item]) => {
      const at = path ? `${path}.${key}` : key;
      return placesIn(item, node, known.has(at) ? at : `${path}.*`);
    }),
  ];
}

const root = schemaNode([]) as Node;
const known = new Set(places(root));

test('every key of the schema is generated, and every value of an enumeration', () => {
  const generated = fc.sample(overrides(), { numRuns: 800, seed: SEED });
  const found = new Set(generated.flatMap((settings) => placesIn(settings, root)));
  expect([...known].filter((place) => !found.has(place))).toEqual([]);

  const values = (path: string) => new Set(generated.map((settings) => at(settings, path)));
  expect(values('server.deployment')).toEqual(
    new Set(['blue-green', 'canary', 'linear', 'rolling', undefined]),
  );
  expect(values('customerKeys')).toEqual(new Set([true, false, undefined]));
});

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], value);
}

test('a string with an unrestricted format needs a sample', () => {
  expect(() => valuesOf({ type: 'string' }, 'server.nickname')).toThrow(/server\.nickname.*texts\.ts/);
  expect(() => valuesOf({ type: 'string', pattern: '^(?=a)b' }, 'server.nickname')).toThrow(/texts\.ts/);
  const places = [...known].flatMap((place) => [place, `${place}.{}`]);
  expect(Object.keys(TEXTS).filter((path) => !places.includes(path))).toEqual([]);
});

test('samples cover every environment, and shrink to its own settings', () => {
  const few = fc.sample(samples, { numRuns: 30, seed: SEED });
  expect(new Set(few.map(({ environment }) => environment))).toEqual(new Set(ENVIRONMENTS));
  expect(sampleOf('production', {}).changed).toEqual({});
});
