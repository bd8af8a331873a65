import { expect, test } from 'vitest';
import type { TraceFile } from '../../lib/rehearsal/core/trace';
import type { ReadPlan } from '../../lib/review/read-plan';
import { rehearsedAccess } from '../../lib/review/rehearsed-access';
import type { Side } from '../../lib/review/review';

const ROLE = 'arn:aws:iam::123456789012:role/steps-role';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:pages';

/** A plan with a role that may take actions on a topic. */
const side = (...actions: readonly string[]): Side => ({
  label: 'test',
  plan: {
    stacks: [
      {
        name: 'shop',
        region: 'eu-central-1',
        constructPaths: { Role: 'shop/Steps/Role' },
        template: {
          Resources: {
            Topic: { Type: 'AWS::SNS::Topic' },
            Role: {
              Type: 'AWS::IAM::Role',
              Properties: {
                AssumeRolePolicyDocument: {},
                Policies: [
                  {
                    PolicyDocument: {
                      Statement: [{ Effect: 'Allow', Action: actions, Resource: { Ref: 'Topic' } }],
                    },
                  },
                ],
              },
            },
          },
        },
      },
    ],
  } as unknown as ReadPlan,
});
const trace: TraceFile = {
  version: 1,
  plan: { digest: '' },
  resources: { 'shop/Role': { Ref: 'steps-role', Arn: ROLE }, 'shop/Topic': { Ref: TOPIC } },
  calls: [
    {
      caller: { stack: 'shop', logicalId: 'Role' },
      principal: ROLE,
      action: 'sns:Publish',
      resource: TOPIC,
      context: {},
      verdict: 'allowed',
      times: 1,
    },
  ],
  connections: [],
};

test('removing a permission that the rehearsal used is a danger', () => {
  expect(
    rehearsedAccess({ base: side('sns:Publish', 'sns:Subscribe'), head: side('sns:Subscribe') }, trace),
  ).toMatchObject([
    {
      rule: 'rehearsed-access',
      severity: 'danger',
      place: { stack: 'shop', logicalId: 'Role', resourceType: 'AWS::IAM::Role', path: 'shop/Steps/Role' },
      what: `The change removes a permission that the last rehearsal used: Role → sns:Publish on ${TOPIC}.`,
      fix: [
        'Restore the access: ${Role.Arn} needs {"Effect":"Allow","Action":"sns:Publish","Resource":"${Topic}"}.',
        expect.stringContaining('rehearse'),
      ],
    },
  ]);
});

test.each([
  ['takes away what the rehearsal did not use', side('sns:*', 'sns:Subscribe'), side('sns:*')],
  ['does not give what was missing before', side('sns:Subscribe'), side('sns:Subscribe')],
])('a change that %s removes no permission', (_, base, head) => {
  expect(rehearsedAccess({ base, head }, trace)).toEqual([]);
});
