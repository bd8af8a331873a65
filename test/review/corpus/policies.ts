import type { PlannedWarning } from '../../../lib/findings/planned-warning';
import type { Case } from './case';
import type { Draft } from './draft';

const POLICY = 'AWS::IAM::Policy';
const ROLE = 'AWS::IAM::Role';

const statements = (draft: Draft): unknown[] =>
  draft.properties('AWS::S3::BucketPolicy', 'Client/Bucket')['PolicyDocument']['Statement'];

const warns = (draft: Draft, warning: PlannedWarning): void => {
  Object.assign(draft.stack('release'), { warnings: [warning] });
};

/** Changes to policy packs and to their acknowledgements. */
export const policies: readonly Case[] = [
  {
    name: 'a finding of a policy is acknowledged',
    verdict: 'caution',
    rules: ['acknowledgements'],
    change: (head) => {
      const stack = head.stack('release');
      const path = 'shop-production-release/Server/Service/Resource';
      Object.assign(stack, {
        acknowledgements: {
          ...stack.acknowledgements,
          [path]: { 'AwsSolutions::AwsSolutions-ECS2': 'It is only a name.' },
        },
      });
    },
  },
  {
    name: 'a newer CDK acknowledges the form of its own template',
    verdict: 'clean',
    rules: ['acknowledgements'],
    change: (head) => {
      const stack = head.stack('release');
      const acknowledged = {
        ...stack.acknowledgements,
        'shop-production-release': { 'CloudFormation-Validate::W3010': 'Literal AZs are expected' },
      };
      Object.assign(stack, { acknowledgements: acknowledged });
    },
  },
  {
    name: 'the build warns of memory that does not last',
    verdict: 'caution',
    rules: ['build-warnings'],
    change: (head) => warns(head, { text: 'server/index.ts:3: sessions are kept in memory.', secret: false }),
  },
  {
    name: 'the build warns of a secret that every browser gets',
    verdict: 'danger',
    rules: ['build-warnings'],
    change: (head) => warns(head, { text: 'client/src/pay.ts:9: a key of Stripe.', secret: true }),
  },
  {
    name: 'the check has a note',
    verdict: 'clean',
    rules: ['build-warnings'],
    change: (head) =>
      warns(head, {
        text: 'server/index.ts:9: a finding; suppressed: read-only.',
        secret: false,
        note: true,
      }),
  },
  {
    name: 'the build warns as it did before',
    verdict: 'clean',
    rules: ['build-warnings'],
    given: (both) => warns(both, { text: 'server/index.ts:3: sessions are kept in memory.', secret: false }),
    change: () => undefined,
  },
  {
    name: 'a finding is suppressed in the template',
    verdict: 'caution',
    rules: ['acknowledgements'],
    change: (head) => {
      head.resource(ROLE, 'Server/Task/Resource/TaskRole')['Metadata'] = {
        cdk_nag: { rules_to_suppress: [{ id: 'AwsSolutions-IAM5', reason: 'later' }] },
      };
    },
  },
  {
    name: 'a bucket may be deleted again',
    verdict: 'caution',
    rules: ['iam-denies'],
    given: (both) => {
      statements(both).push({
        Effect: 'Deny',
        Action: 's3:DeleteBucket',
        Principal: '*',
        Resource: '*',
      });
    },
    change: (head) => {
      statements(head).pop();
    },
  },
  {
    name: 'a managed policy for logs',
    verdict: 'clean',
    rules: ['iam-managed-policies'],
    change: (head) => {
      head.properties(ROLE, 'Server/Task/Resource/TaskRole')['ManagedPolicyArns'] = [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      ];
    },
  },
  {
    name: 'a policy gets another logical id',
    verdict: 'clean',
    rules: ['renamed'],
    change: (head) => head.rename(POLICY, 'Server/ReleaseChecks/Handler', 'ReleaseChecksPolicy12345678'),
  },
  {
    name: 'a finding is acknowledged in a construct that is new',
    verdict: 'clean',
    rules: ['acknowledgements'],
    change: (head) => {
      const stack = head.stack('release');
      const acknowledgements = {
        ...stack.acknowledgements,
        'shop-production-release/New': { S1: 'It has no log.' },
      };
      Object.assign(stack, { acknowledgements });
    },
  },
];
