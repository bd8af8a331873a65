import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  DeliveryParameters,
  DeliveryRoles,
  type DeliveryRolesProps,
} from '../../../constructs/delivery-roles';
import { DeliveryStack } from '../../../lib/stacks/delivery-stack';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';
import { applicationFolder } from '../../support/application-folder';
import { allows, type Context, type Policy, trusts } from './iam-model';

const ACCOUNT = '123456789012';
const alice = { name: 'alice', userId: 'AROAEXAMPLEEXAMPLE:alice@example.com', may: ['approve'] } as const;
const bob = { name: 'bob', userId: 'AIDAEXAMPLEEXAMPLE', may: ['plan', 'approve', 'deploy'] } as const;
const github = { repository: 'example/shop', environment: 'production' };

function stackOf(props: Partial<DeliveryRolesProps> = {}) {
  const stack = testStack('Test', { env: { region: 'eu-west-1', account: ACCOUNT } });
  const roles = new DeliveryRoles(stack, 'Delivery', {
    name: 'shop-production',
    people: [alice, bob],
    github,
    ...props,
  });
  return { stack, roles };
}

const { stack } = stackOf();
// biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
const resources = Object.values(Template.fromStack(stack).toJSON()['Resources']) as any[];
/** References as CloudFormation would resolve them. */
function resolved(value: unknown): Policy {
  const text = JSON.stringify(value, (_, inner) => {
    if (inner?.['Fn::Join']) return inner['Fn::Join'][1].map(ref).join('');
    return inner?.Ref ? ref(inner) : inner;
  });
  return JSON.parse(text);
}
const ref = (part: unknown) =>
  typeof part === 'string'
    ? part
    : { 'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT }[(part as { Ref: string }).Ref];
const roleOf = (kind: string) =>
  resources.find(({ Properties }) => Properties.RoleName === `shop-production-${kind}`);
const trustOf = (kind: string) => resolved(roleOf(kind).Properties.AssumeRolePolicyDocument);
const policiesOf = (kind: string) =>
  resources
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes(`Delivery${kind}`),
    )
    .map(({ Properties }) => resolved(Properties.PolicyDocument));

const parameters = new DeliveryParameters('shop-production');
const arn = (path: string) => `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter${path}`;
const DIGEST = 'd'.repeat(64);
const mayPut = (kind: string, path: string, context: Context) =>
  allows(policiesOf(kind), 'ssm:PutParameter', arn(path), context);
const AS_ALICE = { 'aws:SourceIdentity': 'alice' };
const AS_BOB = { 'aws:SourceIdentity': 'bob' };

describe('permissions to write parameters', () => {
  const paths = {
    policy: parameters.policy,
    'plan of alice': parameters.plan(DIGEST, 'alice'),
    'plan of bob': parameters.plan(DIGEST, 'bob'),
    'plan of the pipeline': parameters.plan(DIGEST, 'pipeline'),
    'approval of alice': parameters.approval(DIGEST, 'alice'),
    'approval of bob': parameters.approval(DIGEST, 'bob'),
    lock: parameters.lock,
    deployment: parameters.deployment('1'),
    release: '/framework53/shop-production/releases/1',
    'approval of another environment': new DeliveryParameters('shop-staging').approval(DIGEST, 'alice'),
  };

  test.each([
    ['Reader', AS_ALICE, []],
    ['Approver', AS_ALICE, ['approval of alice']],
    ['Approver', AS_BOB, ['approval of bob']],
    ['Approver', {}, []],
    ['Approver', { 'aws:SourceIdentity': '*' }, []],
    ['Planner', AS_BOB, ['plan of bob']],
    ['Planner', {}, ['plan of the pipeline']],
    ['Deployer', AS_BOB, ['plan of bob', 'lock', 'deployment', 'release']],
    ['Deployer', {}, ['plan of the pipeline', 'lock', 'deployment', 'release']],
  ] as const)('%s %j', (kind, context, expected) => {
    const writable = Object.entries(paths).filter(([, path]) => mayPut(kind, path, context));
    expect(writable.map(([name]) => name)).toEqual(expected);
  });

  test('nobody deletes or labels an approval of another person', () => {
    for (const kind of ['Reader', 'Planner', 'Deployer'])
      for (const action of ['ssm:DeleteParameter', 'ssm:DeleteParameters', 'ssm:LabelParameterVersion'])
        for (const path of [parameters.policy, parameters.approval(DIGEST, 'alice')])
          expect([kind, allows(policiesOf(kind), action, arn(path), AS_BOB)]).toEqual([kind, false]);
    expect(
      allows(
        policiesOf('Approver'),
        'ssm:DeleteParameter',
        arn(parameters.approval(DIGEST, 'alice')),
        AS_BOB,
      ),
    ).toBe(false);
  });
});

describe('permissions to execute change sets', () => {
  const changeSets = (kind: string, action: string, name = 'shop-production-release') =>
    allows(policiesOf(kind), action, `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/${name}/1`, {});

  test('belong to the deployer of this environment only', () => {
    expect(
      ['Reader', 'Planner', 'Approver', 'Deployer'].filter((kind) =>
        changeSets(kind, 'cloudformation:ExecuteChangeSet'),
      ),
    ).toEqual(['Deployer']);
    expect(changeSets('Planner', 'cloudformation:CreateChangeSet')).toBe(true);
    for (const name of ['shop-production-two-data', 'shop-staging-release', 'shop-production-delivery'])
      expect(changeSets('Deployer', 'cloudformation:ExecuteChangeSet', name)).toBe(false);
    for (const action of ['CreateStack', 'UpdateStack', 'DeleteStack', 'SetStackPolicy'])
      expect(changeSets('Deployer', `cloudformation:${action}`)).toBe(false);
  });

  test('include passing the execution role, to CloudFormation only', () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`;
    const pass = (service: string) =>
      allows(policiesOf('Deployer'), 'iam:PassRole', role, { 'iam:PassedToService': service });
    expect([pass('cloudformation.amazonaws.com'), pass('lambda.amazonaws.com')]).toEqual([true, false]);
  });
});

describe('trust policies', () => {
  const SSO = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_1`;
  const asAlice = {
    'aws:userid': alice.userId,
    'sts:SourceIdentity': 'alice',
    'aws:PrincipalArn': SSO,
  };
  const asBob = {
    'aws:userid': bob.userId,
    'sts:SourceIdentity': 'bob',
    'aws:MultiFactorAuthPresent': 'true',
  };
  const approver = trustOf('approver');

  test("admit a person under the person's own session name only", () => {
    for (const action of ['sts:AssumeRole', 'sts:SetSourceIdentity']) {
      expect(trusts(approver, action, asAlice)).toBe(true);
      expect(trusts(approver, action, asBob)).toBe(true);
    }
  });

  test.each([
    ['without source identity', { ...asAlice, 'sts:SourceIdentity': '' }],
    ["with somebody else's source identity", { ...asAlice, 'sts:SourceIdentity': 'bob' }],
    [
      'whose session of a common role has the name',
      { ...asAlice, 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/Developer` },
    ],
    ['with another user id', { ...asAlice, 'aws:userid': 'AROAOTHEROTHER:alice@example.com' }],
    ['an IAM user without MFA', { ...asBob, 'aws:MultiFactorAuthPresent': 'false' }],
  ])('refuse a person %s', (_, context) => {
    expect(trusts(approver, 'sts:AssumeRole', context)).toBe(false);
  });

  const CLAIMS = 'token.actions.githubusercontent.com';
  const job = (environment: string, changes: Context = {}) => ({
    [`${CLAIMS}:aud`]: 'sts.amazonaws.com',
    [`${CLAIMS}:sub`]: `repo:example/shop:environment:${environment}`,
    [`${CLAIMS}:ref`]: 'refs/heads/main',
    ...changes,
  });
  const enters = (kind: string, context: Context) =>
    trusts(trustOf(kind), 'sts:AssumeRoleWithWebIdentity', context);

  test('admit a job by its GitHub environment; the approver is never a job', () => {
    const kinds = ['reader', 'planner', 'approver', 'deployer'];
    const of = (environment: string) => kinds.filter((kind) => enters(kind, job(environment)));
    expect([of('production-read'), of('production-plan'), of('production')]).toEqual([
      ['reader'],
      ['planner'],
      ['deployer'],
    ]);
  });

  test.each([
    ['another repository', { [`${CLAIMS}:sub`]: 'repo:example/shop2:environment:production' }],
    ['another branch', { [`${CLAIMS}:ref`]: 'refs/heads/feature' }],
    ['a pull request', { [`${CLAIMS}:sub`]: 'repo:example/shop:pull_request' }],
    ['another audience', { [`${CLAIMS}:aud`]: 'https://github.com/example' }],
  ])('refuse a job of %s', (_, changes) => {
    expect(enters('deployer', job('production', changes))).toBe(false);
  });

  test('compare the repository id if it is given', () => {
    const given = stackOf({ github: { ...github, repositoryId: '42' } });
    const text = JSON.stringify(Template.fromStack(given.stack).toJSON());
    expect(text).toContain(`"${CLAIMS}:repository_id":"42"`);
  });
});

test('the rules are a parameter without user ids', () => {
  const { roles } = stackOf({ rules: { approvals: 2, evidence: ['review'] } });
  expect(roles.policy).toEqual({
    formatVersion: 1,
    account: ACCOUNT,
    people: [
      { name: 'alice', may: ['approve'] },
      { name: 'bob', may: ['plan', 'approve', 'deploy'] },
    ],
    approvals: 2,
    fourEyes: true,
    approvalHours: 24,
    freeze: [],
    evidence: ['review'],
    overrides: ['freeze', 'approval'],
  });
  expect(resources.find(({ Type }) => Type === 'AWS::SSM::Parameter').Properties.Name).toBe(
    parameters.policy,
  );
});

test('a duty without persons or jobs creates no role', () => {
  const { roles } = stackOf({ people: [alice], github: undefined });
  expect([roles.planner, roles.deployer, roles.provider]).toEqual([undefined, undefined, undefined]);
  expect(roles.approver).toBeDefined();
});

test('every wildcard is acknowledged with a reason', () => {
  expect(nagFindings(stack)).toEqual([]);
  expect(unusedAcknowledgements(stack)).toEqual([]);
});

test('fails with all problems at once', () => {
  const wrong = () =>
    stackOf({
      name: 'Shop',
      people: [{ name: 'pipeline', userId: 'alice', emails: ['nobody'], may: [] }],
      github: { repository: 'shop', environment: 'a b' },
      rules: { approvals: 2, approvalHours: 0 },
    });
  expect(wrong).toThrow(
    /'name' must.*'people\[0\]'\.name must.*\.userId must.*\.emails must.*\.may must.*'rules\.approvals' must be 0 to 0.*approvalHours.*example\/shop.*environment/s,
  );
  expect(() => stackOf({ people: [], github: undefined, rules: { approvals: 0 } })).toThrow('got neither');
  expect(() => stackOf({ people: [alice, { ...bob, name: 'alice' }] })).toThrow('those of another person');
});

describe('the stack of an environment', () => {
  const { folder } = applicationFolder({
    'framework53.config.ts': `export default {
      default: { region: 'eu-west-1', delivery: {
        people: [{ name: 'alice', userId: 'AROAEXAMPLEEXAMPLE:alice@example.com', may: ['approve'] }],
        github: { repository: 'example/shop', createProvider: false },
      } },
      staging: { account: '111111111111' },
      production: { account: '222222222222', delivery: { promoteFrom: 'staging' } },
    }`,
  });
  const of = (environment: string) => {
    const stack = new DeliveryStack(new App(), { environment, application: folder });
    return { stack, text: JSON.stringify(Template.fromStack(stack).toJSON()) };
  };

  test("is deployed with the caller's credentials, without a role", () => {
    const { stack } = of('production');
    expect(stack.stackName).toBe('shop-production-delivery');
    expect(stack.synthesizer.constructor.name).toBe('CliCredentialsStackSynthesizer');
    expect(stack.terminationProtection).toBe(true);
  });

  test('allows the planner of one environment to copy images from the other', () => {
    expect(of('production').text).toContain(':iam::111111111111:role/shop-staging-reader');
    const staging = of('staging').text;
    expect(staging).toContain(':iam::222222222222:role/shop-production-planner');
    expect(staging).toContain(':iam::222222222222:role/shop-production-deployer');
    expect(staging).not.toContain('AWS::IAM::OIDCProvider');
  });
});
