import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ServiceLinkedRoles } from '../../../constructs/handler/service-linked-roles';
import { handler } from '../../../constructs/handler/service-linked-roles.lambda';
import { nagFindings, testStack } from '../../support';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';

const iam = mockClient(IAMClient);
const Services = ['ecs.amazonaws.com', 'rds.amazonaws.com'];

beforeEach(() => {
  iam.reset();
  vi.stubEnv('PAUSE_MS', '0');
});
afterAll(() => void vi.unstubAllEnvs());

const ask = (RequestType = 'Create') =>
  askCustomResource(handler, { RequestType, PhysicalResourceId: 'Roles', ResourceProperties: { Services } });
const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('service-linked roles', () => {
  test('are created in a fresh account', async () => {
    iam.on(GetRoleCommand).rejects(refusal('NoSuchEntityException', 'there is none'));
    iam.on(CreateServiceLinkedRoleCommand).resolves({});
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    const created = iam.commandCalls(CreateServiceLinkedRoleCommand).map(({ args }) => args[0].input);
    expect(created).toEqual(Services.map((AWSServiceName) => ({ AWSServiceName })));
  });

  test('are left alone if they exist, because an organization may deny their creation', async () => {
    iam.on(GetRoleCommand).resolves({});
    expect(await ask('Update')).toMatchObject({ Status: 'SUCCESS' });
    expect(iam.commandCalls(GetRoleCommand)[0]?.args[0].input).toEqual({ RoleName: 'AWSServiceRoleForECS' });
    expect(iam.commandCalls(CreateServiceLinkedRoleCommand)).toEqual([]);
  });

  test('are accepted if another deployment creates them at the same time', async () => {
    const taken = refusal('InvalidInputException', 'AWSServiceRoleForECS has been taken');
    iam.on(CreateServiceLinkedRoleCommand).rejects(taken);
    const none = refusal('NoSuchEntityException', 'there is none');
    iam.on(GetRoleCommand).rejectsOnce(none).rejectsOnce(none).resolves({});
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
  });

  test('fail with the creation command if they do not exist and may not be created', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    iam.on(CreateServiceLinkedRoleCommand).rejects(refusal('AccessDenied', 'not authorized'));
    iam.on(GetRoleCommand).rejects(refusal('NoSuchEntityException', 'there is none'));
    const { Status, Reason } = await ask();
    expect(Status).toBe('FAILED');
    for (const service of Services)
      expect(Reason).toContain(`aws iam create-service-linked-role --aws-service-name ${service}`);
  });

  test("remain after the stack's deletion", async () => {
    expect(await ask('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(iam.calls()).toHaveLength(0);
  });
});

test('the handler may create and look up the named roles only', () => {
  const stack = testStack();
  new ServiceLinkedRoles(stack, 'Roles', { services: ['ecs.amazonaws.com'] });
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies).toContain('"Action":["iam:CreateServiceLinkedRole","iam:GetRole"]');
  expect(policies).toContain(':role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"');
  expect(nagFindings(stack)).toEqual([]);
});
