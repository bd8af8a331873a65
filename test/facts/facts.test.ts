import { describe, expect, test } from 'vitest';
import { ENVIRONMENTS } from '../../config';
import { leaves } from '../../config/describe';
import { resources, testEnvironment } from '../support/environment';
import { FACTS } from './all';
import { settingsWithEveryOption } from './every-option';
import type { FactTemplate } from './fact';

const settings = settingsWithEveryOption(__dirname);
const composed = [
  ...ENVIRONMENTS.map((name) => testEnvironment(name)),
  ...['us-east-1', 'eu-west-1'].map((region) =>
    testEnvironment('production', { region, settings: { ...settings, region } }),
  ),
];
const templates: FactTemplate[] = composed.flatMap(({ stacks }) =>
  stacks.map((stack) => ({
    stackName: stack.stackName,
    region: stack.region,
    resources: resources(stack),
  })),
);

describe.each(FACTS)('$fact', ({ violations, against, source, region = 'us-east-1' }) => {
  test('all templates respect the fact', () => {
    const found = templates.flatMap((template) =>
      violations(template).map((violation) => `${template.stackName} in ${template.region}, ${violation}`),
    );
    expect(found, source).toEqual([]);
  });

  test.each(Object.keys(against))('the check sees %s', (id) => {
    const template = { stackName: 'shop', region, resources: { [id]: against[id]! } };
    expect(violations(template)).toEqual([expect.stringMatching(`^${id}: `)]);
  });
});

/** Settings that exclude another one which is set, that describe the application, or that are in no template. */
const UNSET = /^(application|delivery)\.|^database\.restore\.snapshot$|^client\.domain\.certificateArn$/;

test('the full configuration has a value for every setting', () => {
  const setTo = (path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);
  const unset = leaves()
    .filter(([path]) => !UNSET.test(path.join('.')) && setTo(path) === undefined)
    .map(([path]) => path.join('.'));
  expect(unset).toEqual([]);
});
