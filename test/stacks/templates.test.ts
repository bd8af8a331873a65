import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { testEnvironment } from '../support/environment';
import { templateLines } from '../support/template-lines';

const { stacks } = testEnvironment('production', { region: 'eu-west-1' });

/** Every resource has the same tags, and every stack the same rule about its bootstrap. */
const WITHOUT = ['Tags', 'CheckBootstrapVersion'];

test.each(stacks.map((stack) => [stack.stackName, stack] as const))('template of %s', async (name, stack) => {
  const { Resources, Outputs, Rules, Conditions } = Template.fromStack(stack).toJSON();
  await expect(templateLines({ Conditions, Rules, Resources, Outputs }, WITHOUT)).toMatchFileSnapshot(
    join(__dirname, '__snapshots__', `${name}.txt`),
  );
});
