import { expect, test } from 'vitest';
import { Inventory } from '../../../lib/rehearsal/core/inventory';
import type { JudgedCall } from '../../../lib/rehearsal/core/trace';
import { usedGrants } from '../../../lib/rehearsal/least-privilege';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const BUCKET = 'arn:aws:s3:::photos';

test('the report lists grants that no call used', () => {
  const inventory = new Inventory();
  inventory.put({
    stack: 'shop',
    id: 'Role',
    type: 'AWS::IAM::Role',
    properties: {
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: ['s3:Get*', 's3:PutObject'], Resource: [BUCKET, `${BUCKET}/*`] },
              { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
              {
                Effect: 'Allow',
                Action: 'cloudwatch:PutMetricData',
                Resource: '*',
                Condition: { StringEquals: { 'cloudwatch:namespace': 'shop' } },
              },
            ],
          },
        },
      ],
    },
    attributes: { Ref: 'reader', Arn: ROLE },
  });
  const call = (action: string, resource: string, more: Partial<JudgedCall> = {}): JudgedCall => ({
    caller: { stack: 'shop', logicalId: 'Role' },
    principal: ROLE,
    action,
    resource,
    context: {},
    verdict: 'allowed',
    ...more,
  });
  const used = usedGrants(inventory, [
    call('s3:GetObject', `${BUCKET}/a.jpg`),
    call('s3:GetObject', BUCKET, { principal: `${ROLE}2` }),
    call('s3:PutObject', `${BUCKET}/a.jpg`, { verdict: 'denied' }),
    call('cloudwatch:PutMetricData', '*', { context: { 'cloudwatch:namespace': 'shop' } }),
  ]);
  const policy = { stack: 'shop', logicalId: 'Role' };
  expect(used).toEqual({
    grants: 5,
    unused: [
      { policy, action: 's3:Get*', resource: BUCKET },
      { policy, action: 's3:PutObject', resource: BUCKET },
      { policy, action: 's3:PutObject', resource: `${BUCKET}/*` },
    ],
  });
});
