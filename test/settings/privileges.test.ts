import { expect, test } from 'vitest';
import type { Resources } from '../support/environment';
import { overlyPrivileged } from './privileges';

const policy = (Action: unknown, Resource: unknown = 'arn:aws:s3:::a'): Resources =>
  ({
    ServerTaskExecutionRoleDefaultPolicy996A4974: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
    },
  }) as unknown as Resources;

test('a permission outside every allow-list is reported', () => {
  expect(overlyPrivileged(policy(['ecr:BatchGetImage', 'kms:Decrypt']))).toEqual([]);
  expect(overlyPrivileged(policy('ecr:GetAuthorizationToken', '*'))).toEqual([]);
  expect(overlyPrivileged(policy('ecr:*'))).toEqual([expect.stringMatching(/may ecr:\*, which/)]);
  expect(overlyPrivileged(policy('ecr:BatchGetImage', '*'))).toEqual([
    expect.stringMatching(/may ecr:BatchGetImage on every resource/),
  ]);
  const unknown = {
    SomeRole: {
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    },
  };
  expect(overlyPrivileged(unknown as unknown as Resources)).toEqual([expect.stringMatching(/Administrator/)]);
});
