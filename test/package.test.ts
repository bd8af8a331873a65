import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { ConstructError } from '../constructs/construct-error';
import { testStack } from './support';

test('imports of `constructs` resolve to the package, not to our folder', () => {
  expect(require.resolve('constructs')).toMatch(/node_modules.constructs/);
  expect(new Construct(testStack(), 'Child').node.path).toBe('Test/Child');
});

test('an error of a construct names the construct and every problem', () => {
  const scope = new Construct(testStack(), 'Child');
  expect(new ConstructError(scope, ['one', 'two']).message).toBe('Test/Child: one\n  two');
});
