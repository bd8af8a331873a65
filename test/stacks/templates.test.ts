import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { testEnvironment } from '../support/environment';
import { templateLines } from '../support/template-lines';

const { stacks } = testEnvironment('production', { region: 'eu-west-1' });

test.each(stacks.map((stack) => [stack.stackName, stack] as const))('template of %s', async (name, stack) => {
  await expect(templateLines(Template.fromStack(stack).toJSON())).toMatchFileSnapshot(
    join(__dirname, '__snapshots__', `${name}.txt`),
  );
});
