import { DescribeManagedPrefixListsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { customResource } from '../handler/custom-resource';

const ec2 = new EC2Client({});

/** Finds the id of an AWS-managed prefix list. The id differs from region to region. */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const name = String(event.ResourceProperties.PrefixListName);
  const { PrefixLists = [] } = await ec2.send(
    new DescribeManagedPrefixListsCommand({ Filters: [{ Name: 'prefix-list-name', Values: [name] }] }),
  );
  const id = PrefixLists[0]?.PrefixListId;
  if (!id) throw new Error(`this region has no prefix list '${name}'`);
  return { data: { PrefixListId: id } };
});
