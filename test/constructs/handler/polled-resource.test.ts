import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { PolledResource } from '../../../constructs/handler/polled-resource';
import { nagFindings, testStack } from '../../support';

const stack = testStack();
new PolledResource(stack, 'Run', {
  resourceType: 'Custom::Run',
  bundle: 'migration-run',
  description: 'Runs something',
  properties: { Size: '3' },
  policy: [new PolicyStatement({ actions: ['ecs:RunTask'], resources: ['arn:aws:ecs:::task'] })],
  totalTimeout: Duration.minutes(50),
});
const template = Template.fromStack(stack);
const only = (type: string) => {
  const found = Object.entries(template.findResources(type));
  expect(found.length).toBe(1);
  return found[0]!;
};

test("is one function with Lambda's longest timeout and the total timeout as a variable", () => {
  const [, { Properties }] = only('AWS::Lambda::Function');
  expect(Properties).toMatchObject({
    Timeout: 900,
    Environment: { Variables: { TOTAL_TIMEOUT_MINUTES: '50' } },
  });
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
});

test('the function has the given permissions, may write its log and may invoke itself', () => {
  const [id] = only('AWS::Lambda::Function');
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      { 'Fn::GetAtt': [only('AWS::Logs::LogGroup')[0], 'Arn'] },
    ],
    ['ecs:RunTask', 'arn:aws:ecs:::task'],
    ['lambda:InvokeFunction', { 'Fn::GetAtt': [id, 'Arn'] }],
  ]);
});

test('CloudFormation calls it after all permissions exist, and waits longer than its timeout', () => {
  const [, resource] = only('Custom::Run');
  expect(resource['Properties']).toMatchObject({ ServiceTimeout: '3120', Size: '3' });
  const [id, handler] = only('AWS::Lambda::Function');
  const policies = Object.keys(template.findResources('AWS::IAM::Policy'));
  expect(policies.length).toBe(2);
  const waitsFor = [resource['DependsOn'], id, handler['DependsOn']].flat();
  expect(waitsFor).toEqual(expect.arrayContaining([id, ...policies]));
  expect(resource['DependsOn']).toContain(id);
});

test('has no cdk-nag finding', () => {
  expect(nagFindings(stack)).toEqual([]);
});
