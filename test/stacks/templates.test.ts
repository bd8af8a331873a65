import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testEnvironment } from '../support/environment';
import { normalized } from '../support/normalized';

const { stacks } = testEnvironment('production', { region: 'eu-west-1' });

test.each(stacks.map((stack) => [stack.stackName, stack] as const))('template of %s', async (name, stack) => {
  await expect(normalized(stack)).toMatchFileSnapshot(join(__dirname, '__snapshots__', `${name}.txt`));
});
