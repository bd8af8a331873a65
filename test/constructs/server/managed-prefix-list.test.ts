import { DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler } from '../../../constructs/server/managed-prefix-list.lambda';
import { askCustomResource } from '../../support/cloudformation';
import { mockClient } from '../../support/mock-client';

const ec2 = mockClient(EC2Client);
const NAME = 'com.amazonaws.global.cloudfront.origin-facing';

beforeEach(() => {
  ec2.reset();
});
afterEach(() => vi.restoreAllMocks());

const ask = (RequestType: string) =>
  askCustomResource(handler, {
    RequestType,
    PhysicalResourceId: 'List',
    ResourceProperties: { PrefixListName: NAME },
  });

describe('the lookup of a managed prefix list', () => {
  test('returns the id of the list in this region', async () => {
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [{ PrefixListId: 'pl-1' }] });
    expect(await ask('Create')).toMatchObject({ Status: 'SUCCESS', Data: { PrefixListId: 'pl-1' } });
    expect(ec2.commandCalls(DescribeManagedPrefixListsCommand)[0]?.args[0].input).toEqual({
      Filters: [{ Name: 'prefix-list-name', Values: [NAME] }],
    });
  });

  test('calls no API on Delete', async () => {
    expect(await ask('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(ec2.calls()).toHaveLength(0);
  });

  test('fails if the list does not exist', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [] });
    expect(await ask('Create')).toMatchObject({
      Status: 'FAILED',
      Reason: `this region has no prefix list '${NAME}'`,
    });
  });
});
