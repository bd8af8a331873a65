import { expect, test } from 'vitest';
import type { ResourceRequest } from '../../lib/rehearsal/core/resource-handler';
import type { Stage } from '../../lib/rehearsal/core/stage';
import { logsResources } from '../../lib/rehearsal/logs/resources';

const create = (identifiers: readonly object[]) =>
  logsResources(new Map(), {} as Stage)['AWS::Logs::LogGroup']!.apply({
    id: 'Logs',
    stack: { name: 'shop', region: 'eu-west-1' },
    properties: {
      LogGroupName: '/shop/server',
      DataProtectionPolicy: { Configuration: { CustomDataIdentifier: identifiers } },
    },
  } as unknown as ResourceRequest);

test('a log group accepts the patterns that CloudWatch Logs documents', () => {
  expect(create([{ Name: 'EmployeeId', Regex: String.raw`EmployeeID-\d{9}` }])).toEqual({
    Ref: '/shop/server',
    Arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/shop/server:*',
  });
});

test.each([
  ['a tilde', [{ Name: 'Token', Regex: '[a-z~]+' }], /has the character '~'/],
  ['a group', [{ Name: 'Token', Regex: '(a|b)' }], /has the character '\('/],
  ['a long pattern', [{ Name: 'Token', Regex: 'a'.repeat(201) }], /201 characters/],
  ['a name with a space', [{ Name: 'A token', Regex: 'a' }], /'A token'/],
  ['eleven identifiers', Array.from({ length: 11 }, () => ({ Name: 'T', Regex: 'a' })), /11 custom/],
])('a log group with %s is refused', (_, identifiers, message) => {
  expect(() => create(identifiers)).toThrow(message);
});
